import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Job } from "coopd-core";
import { type DaemonProcess, startDaemonProcess } from "../testing/daemon-process.ts";
import { promptHen } from "../testing/daemon-under-test.ts";

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), "coopd-delegation-"));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

const boss = (name: string) => promptHen(name).replace("tools: [", "tools: [delegate, ");
const work = (child: readonly object[]) =>
  JSON.stringify([
    { tools: [{ name: "delegate", input: { hen: "local.coop/hand", prompt: JSON.stringify(child) } }] },
    { text: "{{last_result.output}}" },
  ]);
const kindsOf = async (daemon: DaemonProcess, id: string) => (await daemon.journal(id)).map((entry) => entry.kind);
const jobsOf = async (daemon: DaemonProcess, hen: string) =>
  (await daemon.call("GET", `/jobs?hen_id=${encodeURIComponent(hen)}`)).json as readonly Job[];

async function untilSpawned(daemon: DaemonProcess, id: string): Promise<void> {
  while (!(await kindsOf(daemon, id)).includes("child.spawned")) await Bun.sleep(5);
}

test("kill -9 while a parent waits: it goes on waiting for the same child, and there is exactly one", async () => {
  const env = { COOP_JOBS_AT_ONCE: "1" };
  let daemon = await startDaemonProcess(dataDir, env);
  const [parentHen, childHen] = [await daemon.hatch(boss("boss")), await daemon.hatch(promptHen("hand"))];
  const id = await daemon.submit(parentHen, work([{ delay_ms: 700, text: "handed back" }]));
  await untilSpawned(daemon, id);
  for (let kill = 0; kill < 2; kill += 1) {
    await daemon.end("SIGKILL");
    daemon = await startDaemonProcess(dataDir, env);
  }
  expect(await daemon.ended(id)).toMatchObject({ status: "DONE", result: "handed back" });
  const children = await jobsOf(daemon, childHen);
  expect(children.map((job) => [job.status, job.parent_job_id as string])).toEqual([["DONE", id]]);
  const kinds = await kindsOf(daemon, id);
  for (const kind of ["child.spawned", "child.result", "tool.intent", "tool.result"] as const) {
    expect([kind, kinds.filter((one) => one === kind).length]).toEqual([kind, 1]);
  }
  expect(await daemon.end("SIGTERM")).toBe(0);
}, 30_000);

test("a child that ends while the daemon is down is found ended, and one whose parent was cancelled is not left behind", async () => {
  let daemon = await startDaemonProcess(dataDir);
  const [parentHen, childHen] = [await daemon.hatch(boss("boss")), await daemon.hatch(promptHen("hand"))];
  const id = await daemon.submit(parentHen, work([{ delay_ms: 60_000, text: "never" }]));
  await untilSpawned(daemon, id);
  // The request to cancel and the kill come together: whichever the daemon got to, both jobs are cancelled in the end.
  const cancel = daemon.call("POST", `/jobs/${id}/cancel`).catch(() => undefined);
  await daemon.end("SIGKILL");
  await cancel;
  daemon = await startDaemonProcess(dataDir);
  await daemon.call("POST", `/jobs/${id}/cancel`);
  const [child] = await jobsOf(daemon, childHen);
  expect((await daemon.ended(id)).status).toBe("CANCELLED");
  expect((await daemon.ended(child?.id ?? "")).status).toBe("CANCELLED");
  expect(await daemon.end("SIGTERM")).toBe(0);
}, 30_000);
