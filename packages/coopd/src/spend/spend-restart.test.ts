import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type HenUsageView, journalSpent, type UsageReport } from "coopd-core";
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

const SEED = 20261126;
const KILLS = 4;

test(`the farm's day is never passed by jobs that run at once, over ${KILLS} kills -9 at random (seed ${SEED})`, async () => {
  const random = createRandom(SEED);
  const CEILING = 60_000;
  const LOOK = { name: "bash", input: { command: "true" } };
  let charged = 0;
  using models = openTestModels((_, count) => {
    const [input, output] = [100 + (count % 7) * 50, 50 + (count % 5) * 300];
    charged += input + output; // the server has done it, whether or not anybody hears the answer
    return { ...(count % 3 === 2 ? { text: "done" } : { tools: [LOOK] }), input, output, after: Bun.sleep(count % 20) };
  });
  let daemon = await startDaemonProcess(dataDir);
  await daemon.call("PUT", "/farm/limits", { day_tokens: CEILING });
  const hens = await Promise.all(
    Array.from({ length: 6 }, (_, n) => daemon.hatch(modelHen(`crowd-${n}`, models.baseUrl))),
  );
  const ids: string[] = [];
  for (let kill = 0; kill <= KILLS; kill += 1) {
    ids.push(...(await Promise.all(hens.map((hen) => daemon.submit(hen, `round ${kill}`)))));
    if (kill === KILLS) break;
    const until = models.seen.length + 1 + random(6);
    const isIdle = async () =>
      ((await daemon.call("GET", "/farm")).json as { jobs: { running: number } }).jobs.running === 0;
    while (models.seen.length < until && !(await isIdle())) await Bun.sleep(1);
    await daemon.end("SIGKILL");
    daemon = await startDaemonProcess(dataDir);
  }
  const jobs = await Promise.all(ids.map((id) => daemon.ended(id)));
  for (const { status, error_code } of jobs) expect(["DONE", "limit_cost"]).toContain(error_code ?? status);
  const { total } = (await daemon.call("GET", "/usage")).json as UsageReport;
  const counted = total.input_tokens + total.output_tokens + total.cost.uncertain_tokens;
  expect(counted).toBeLessThanOrEqual(CEILING);
  expect(charged).toBeLessThanOrEqual(counted); // what was really charged is never more than what is counted
  expect(jobs.some(({ error_code }) => error_code === "limit_cost")).toBe(true);
  process.stdout.write(
    `ceiling ${CEILING}: ${charged} charged, ${counted} counted, ${jobs.length} jobs, ${KILLS} kills\n`,
  );
  await daemon.end("SIGTERM");
}, 120_000);

/** Whole numbers below the bound, the same for the same seed. */
function createRandom(seed: number): (bound: number) => number {
  let state = seed;
  return (bound) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state % bound;
  };
}
