import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type HenUsageView, journalSpent } from "coopd-core";
import { startDaemonProcess } from "../testing/daemon-process.ts";
import { modelHen, openTestModels, PRICES } from "../testing/model-server.ts";

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), "coopd-spend-restart-"));
  writeFileSync(join(dataDir, "prices.json"), PRICES);
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

test("kill -9 in the middle of calls: each lost call is counted once at its worst case, and no ceiling is passed", async () => {
  const LOOK = { name: "bash", input: { command: "true" } };
  let [isHeld, killed] = [true, 0];
  using models = openTestModels((_, count) => ({
    ...(count > 6 ? { text: "done" } : { tools: [LOOK] }),
    input: 100,
    output: 20,
    ...(isHeld && count % 2 === 1 ? { after: new Promise(() => undefined) } : {}),
  }));
  let daemon = await startDaemonProcess(dataDir);
  const hen = await daemon.hatch(modelHen("mortal", models.baseUrl, { limits: "{total_tokens: 100000}" }));
  const id = await daemon.submit(hen, "do it");
  for (; killed < 2; killed += 1) {
    while (models.underWay().now <= killed) await Bun.sleep(5);
    await daemon.end("SIGKILL");
    if (killed === 1) isHeld = false;
    daemon = await startDaemonProcess(dataDir);
  }
  const job = await daemon.ended(id);
  expect([job.status, job.result]).toEqual(["DONE", "done"]);
  const journal = await daemon.journal(id);
  const begun = journal.flatMap((entry) => (entry.kind === "brain.request" && entry.call ? [entry.call.worst] : []));
  const answered = journal.filter((entry) => entry.kind === "brain.response").length;
  expect(begun.length).toBe(answered + killed);
  expect(job.cost.known_usd_micros).toBe(answered * 300);
  expect(job.cost.uncertain_tokens).toBeGreaterThan(killed * 4_096);
  // The journal alone says the same as the sums that were kept beside it.
  const spent = journalSpent(journal);
  expect(spent.usd_micros).toBe(job.cost.known_usd_micros + job.cost.uncertain_usd_micros);
  const { spend } = (await daemon.call("GET", `/hens/${encodeURIComponent(hen)}/usage`)).json as HenUsageView;
  expect(spend.cost).toMatchObject({
    usd_micros: job.cost.usd_micros,
    uncertain_tokens: job.cost.uncertain_tokens,
    uncertain_usd_micros: job.cost.uncertain_usd_micros,
  });
  await daemon.end("SIGTERM");
}, 60_000);
