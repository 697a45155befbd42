import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Job } from "coopd-core";
import { startDaemonProcess } from "../testing/daemon-process.ts";
import { promptHen } from "../testing/daemon-under-test.ts";
import { processesWith } from "../testing/processes.ts";

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), "coopd-restart-"));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

const effects = (name: string) => join(dataDir, "workdirs", `local-coop__${name}`, "effects.txt");
const lines = (path: string) => (existsSync(path) ? readFileSync(path, "utf8").split("\n").filter(Boolean) : []);

/** Each turn appends its number, then takes a moment, so that a kill falls between or inside. */
const counting = (turns: number) =>
  `${Array.from({ length: turns }, (_, n) => `  - tools: [{name: bash, input: {command: "echo step-${n} >> effects.txt; sleep 0.1"}}]\n`).join("")}  - text: counted\n`;

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await Bun.sleep(5);
}

describe("kill -9 in the middle of a job", () => {
  test("the job goes on from its journal after the restart and nothing is run twice", async () => {
    let daemon = await startDaemonProcess(dataDir);
    const hen = await daemon.hatch(promptHen("counter"));
    const id = await daemon.submit(hen, counting(8));
    const queued = await daemon.submit(hen, "  - text: behind it\n");
    for (const kills of [2, 5]) {
      await until(() => lines(effects("counter")).length >= kills);
      await daemon.end("SIGKILL");
      daemon = await startDaemonProcess(dataDir);
    }
    const job = await daemon.ended(id);
    expect([job.status, job.result]).toEqual(["DONE", "counted"]);
    const done = lines(effects("counter"));
    expect(done.length).toBe(new Set(done).size); // no step ran twice
    const results = (await daemon.journal(id)).filter((entry) => entry.kind === "tool.result");
    expect(results.length).toBe(8);
    // Every step either ran or is shown as unknown; what is known to have run is in the file.
    for (const [n, result] of results.entries()) {
      if (result.kind === "tool.result" && result.outcome === "known") expect(done).toContain(`step-${n}`);
    }
    const unknown = results.filter((entry) => entry.kind === "tool.result" && entry.outcome === "unknown");
    expect(unknown.length).toBeLessThanOrEqual(2); // at most the call in flight at each kill
    expect((await daemon.ended(queued)).result).toBe("behind it");
    expect(await daemon.end("SIGTERM")).toBe(0);
  }, 60_000);
});

describe("SIGTERM", () => {
  test("ends the daemon within 4 s with jobs running, and they go on at the next start", async () => {
    let daemon = await startDaemonProcess(dataDir);
    const ids: string[] = [];
    for (const name of ["slow-brain", "slow-bash"]) {
      const hen = await daemon.hatch(promptHen(name));
      const slow =
        name === "slow-brain"
          ? "  - {delay_ms: 20000, text: woke}\n"
          : '  - tools: [{name: bash, input: {command: "sleep 20.0917"}}]\n  - text: slept\n';
      ids.push(await daemon.submit(hen, `${slow}`));
    }
    const kinds = async (id: string) => (await daemon.journal(id)).map((entry) => entry.kind);
    while (!(await kinds(ids[0] ?? "")).includes("brain.request")) await Bun.sleep(10);
    while (!(await kinds(ids[1] ?? "")).includes("tool.intent")) await Bun.sleep(10);
    const startedMs = performance.now();
    expect(await daemon.end("SIGTERM")).toBe(0);
    expect(performance.now() - startedMs).toBeLessThan(4_000);
    expect(processesWith("sleep 20.0917")).toEqual([]);
    daemon = await startDaemonProcess(dataDir);
    const bash = await daemon.ended(ids[1] ?? "");
    expect([bash.status, bash.result]).toEqual(["DONE", "slept"]);
    const result = (await daemon.journal(bash.id)).find((entry) => entry.kind === "tool.result");
    expect(result?.kind === "tool.result" && result.outcome).toBe("unknown");
    expect(((await daemon.call("GET", `/jobs/${ids[0]}`)).json as Job).status).toBe("RUNNING");
    await daemon.end("SIGKILL");
  }, 60_000);
});

describe("a host that lost its walls between two starts", () => {
  const writing = "  - tools: [{name: file_write, input: {path: out.txt, content: ran}}]\n  - text: wrote\n";
  const henOf = async (daemon: Awaited<ReturnType<typeof startDaemonProcess>>, id: string) =>
    (await daemon.call("GET", `/hens/${encodeURIComponent(id)}`)).json as Record<string, unknown>;

  test("runs nothing of a strict hen that was accepted before; its jobs wait, and go on once the walls are back", async () => {
    let daemon = await startDaemonProcess(dataDir);
    const hen = await daemon.hatch(promptHen("strict"));
    const running = await daemon.submit(
      hen,
      `  - delay_ms: 1500\n    text: thinking\n    tools: [{name: bash, input: {command: "true"}}]\n${writing}`,
    );
    const queued = await daemon.submit(hen, writing);
    while ((await daemon.journal(running)).length < 2) await Bun.sleep(5);
    await daemon.end("SIGKILL");

    daemon = await startDaemonProcess(dataDir, { COOP_SANDBOX: "0" });
    while ((await henOf(daemon, hen)).needs === null) await Bun.sleep(5);
    expect(await henOf(daemon, hen)).toMatchObject({
      state: "IDLE",
      enforcement: "unenforceable",
      needs: "walls",
      needs_reason: expect.stringContaining("COOP_SANDBOX=0"),
    });
    for (const id of [running, queued]) {
      expect(((await daemon.call("GET", `/jobs/${id}`)).json as Job).status).toBe("QUEUED");
    }
    expect(existsSync(join(dataDir, "workdirs/local-coop__strict/out.txt"))).toBe(false);
    await daemon.end("SIGTERM");

    daemon = await startDaemonProcess(dataDir);
    expect([(await daemon.ended(running)).status, (await daemon.ended(queued)).status]).toEqual(["DONE", "DONE"]);
    expect(await henOf(daemon, hen)).toMatchObject({ needs: null, needs_reason: null });
    await daemon.end("SIGTERM");
  }, 60_000);

  test("a job that waits can be cancelled, and a hen that lacks something deleted", async () => {
    let daemon = await startDaemonProcess(dataDir);
    const hen = await daemon.hatch(promptHen("strict"));
    await daemon.call("POST", "/farm/stop");
    const id = await daemon.submit(hen, writing);
    await daemon.end("SIGTERM");
    daemon = await startDaemonProcess(dataDir, { COOP_SANDBOX: "0" });
    await daemon.call("POST", "/farm/resume");
    while ((await henOf(daemon, hen)).needs === null) await Bun.sleep(5);
    expect((await daemon.call("POST", `/jobs/${id}/cancel`)).json).toMatchObject({ status: "CANCELLED" });
    expect((await daemon.call("DELETE", `/hens/${encodeURIComponent(hen)}`)).status).toBe(204);
    await daemon.call("POST", "/hens", promptHen("strict"));
    expect(await henOf(daemon, hen)).toMatchObject({ needs: null });
    await daemon.end("SIGTERM");
  }, 60_000);
});

describe("a second daemon on the same directory", () => {
  test("is refused with the holder's pid, and the first goes on", async () => {
    const daemon = await startDaemonProcess(dataDir);
    const refusal = await startDaemonProcess(dataDir).then(
      () => "started",
      (error: Error) => error.message,
    );
    expect(refusal).toContain(String(daemon.pid));
    expect((await daemon.call("GET", "/healthz")).status).toBe(200);
    await daemon.end("SIGTERM");
  }, 30_000);
});

describe("a cancel that the daemon did not live to carry out", () => {
  test("is carried out by the next one, and a stopped farm stays stopped", async () => {
    let daemon = await startDaemonProcess(dataDir);
    const hen = await daemon.hatch(promptHen("fated"));
    const id = await daemon.submit(hen, "- {delay_ms: 60000, text: late}\n");
    while ((await daemon.journal(id)).length < 2) await Bun.sleep(5);
    void daemon.call("POST", `/farm/stop`).catch(() => undefined);
    while ((await daemon.call("GET", "/farm").catch(() => undefined))?.json === undefined) await Bun.sleep(1);
    await daemon.end("SIGKILL");
    daemon = await startDaemonProcess(dataDir);
    await daemon.call("POST", "/farm/stop");
    expect((await daemon.ended(id)).status).toBe("CANCELLED");
    const queued = await daemon.submit(hen, "- text: went on\n");
    await daemon.end("SIGKILL");
    daemon = await startDaemonProcess(dataDir);
    expect(((await daemon.call("GET", `/jobs/${queued}`)).json as Job).status).toBe("QUEUED");
    await daemon.call("POST", "/farm/resume");
    expect((await daemon.ended(queued)).result).toBe("went on");
    await daemon.end("SIGTERM");
  }, 30_000);
});

describe("COOP_RESUME=fail", () => {
  test("fails RUNNING and QUEUED jobs at a restart, as the original did, and frees the hen", async () => {
    let daemon = await startDaemonProcess(dataDir);
    const hen = await daemon.hatch(promptHen("dropped"));
    const ids = [
      await daemon.submit(hen, "- {delay_ms: 60000, text: late}\n"),
      await daemon.submit(hen, "- text: never\n"),
    ];
    while ((await daemon.journal(ids[0] ?? "")).length < 2) await Bun.sleep(5);
    await daemon.end("SIGKILL");
    daemon = await startDaemonProcess(dataDir, { COOP_RESUME: "fail" });
    for (const id of ids) {
      const { status, error, error_code } = (await daemon.call("GET", `/jobs/${id}`)).json as Job;
      expect([status, error, error_code]).toEqual(["FAILED", "interrupted at restart", "interrupted"]);
    }
    expect(((await daemon.call("GET", `/hens/${encodeURIComponent(hen)}`)).json as { state: string }).state).toBe(
      "IDLE",
    );
    await daemon.end("SIGTERM");
  }, 30_000);
});
