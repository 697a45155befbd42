import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createHen, type Episode, type Hen, type Job, parseHenId, toInstant } from "coopd-core";
import { parseManifest } from "coopd-core/manifest";
import { openStore } from "coopd-storage";
import { type DaemonUnderTest, openDaemonUnderTest, promptHen } from "../testing/daemon-under-test.ts";
import { processesWith } from "../testing/processes.ts";
import { putAway } from "./dormancy.ts";

let daemon: DaemonUnderTest;
beforeAll(async () => {
  daemon = await openDaemonUnderTest({ COOP_JOBS_AT_ONCE: "50" });
});
afterAll(() => daemon.close());

const path = (hen: string) => `/hens/${encodeURIComponent(hen)}`;
const job = async (id: string) => (await daemon.call("GET", `/jobs/${id}`)).json as Job;
const stateOf = async (hen: string) => ((await daemon.call("GET", path(hen))).json as Hen).state;

async function untilKind(id: string, kind: string): Promise<void> {
  while (!(await daemon.journal(id)).some((entry) => entry.kind === kind)) await Bun.sleep(5);
}

/** A bash that would run for a minute, with a child of its own; `tag` makes it findable among all processes. */
const stubborn = (tag: string) =>
  `  - tools: [{name: bash, input: {command: "trap '' TERM; (sleep ${tag} &); sleep ${tag}", timeout_s: 90}}]\n`;
const alive = (tag: string) => processesWith(`sleep ${tag}`);

describe("cancelling a job", () => {
  test("that is unknown is 404, and one that has ended is 409", async () => {
    expect((await daemon.call("POST", "/jobs/nothing/cancel")).status).toBe(404);
    const hen = await daemon.hatch(promptHen("ended"));
    const id = (await daemon.ended(await daemon.submit(hen, "- text: done\n"))).id;
    const answer = await daemon.call("POST", `/jobs/${id}/cancel`);
    expect([answer.status, (answer.json as { code: string }).code]).toEqual([409, "job_ended"]);
  });

  test("in the middle of a command kills the whole tree before it answers CANCELLED", async () => {
    const hen = await daemon.hatch(promptHen("stubborn"));
    const id = await daemon.submit(hen, stubborn("71.311"));
    await untilKind(id, "tool.intent");
    while (alive("71.311").length === 0) await Bun.sleep(5);
    const answer = await daemon.call("POST", `/jobs/${id}/cancel`);
    expect([answer.status, (answer.json as Job).status]).toEqual([200, "CANCELLED"]);
    expect(alive("71.311")).toEqual([]);
    expect(await stateOf(hen)).toBe("IDLE");
    expect(((await daemon.call("GET", `${path(hen)}/memory`)).json as Episode[]).length).toBe(0);
  });

  test("while the brain thinks ends it at once; one that waits never starts, and the next one runs", async () => {
    const hen = await daemon.hatch(promptHen("thinker"));
    const running = await daemon.submit(hen, "- {delay_ms: 60000, text: late}\n");
    const waiting = await daemon.submit(hen, "- text: never\n");
    const behind = await daemon.submit(hen, "- text: ran\n");
    await untilKind(running, "brain.request");
    expect(((await daemon.call("POST", `/jobs/${waiting}/cancel`)).json as Job).status).toBe("CANCELLED");
    expect(((await daemon.call("POST", `/jobs/${running}/cancel`)).json as Job).status).toBe("CANCELLED");
    expect((await daemon.ended(behind)).result).toBe("ran");
    expect((await job(waiting)).started_at).toBeNull();
  });

  test("asked for by many at once ends it once", async () => {
    const hen = await daemon.hatch(promptHen("popular"));
    const id = await daemon.submit(hen, "- {delay_ms: 60000, text: late}\n");
    await untilKind(id, "brain.request");
    const answers = await Promise.all(Array.from({ length: 8 }, () => daemon.call("POST", `/jobs/${id}/cancel`)));
    expect(answers.every(({ status }) => status === 200 || status === 409)).toBe(true);
    expect((await daemon.journal(id)).filter((entry) => entry.kind === "settled").length).toBe(1);
  });
});

describe("limits", () => {
  test("wall time stops a job and says so", async () => {
    const hen = await daemon.hatch(promptHen("slow", "limits: {wall_secs: 1}\n"));
    const ended = await daemon.ended(await daemon.submit(hen, stubborn("72.311")));
    expect([ended.status, ended.error_code]).toEqual(["FAILED", "limit_reached"]);
    expect(ended.error).toContain("wall_secs");
    expect(alive("72.311")).toEqual([]);
  });

  test("output tokens stop a job and say so", async () => {
    const hen = await daemon.hatch(promptHen("chatty", "limits: {output_tokens: 100}\n"));
    const turn = "- {tools: [{name: file_read, input: {path: x}}], tokens: {input: 1, output: 60}}\n";
    const ended = await daemon.ended(await daemon.submit(hen, turn.repeat(5)));
    expect([ended.status, ended.error_code, ended.turns]).toEqual(["FAILED", "limit_reached", 2]);
    expect(ended.error).toContain("output_tokens");
  });
});

describe("force", () => {
  test("sleep cancels what runs; what is queued waits and runs after the waking", async () => {
    const hen = await daemon.hatch(promptHen("forced"));
    const running = await daemon.submit(hen, "- {delay_ms: 60000, text: late}\n");
    const waiting = await daemon.submit(hen, "- text: woke\n");
    await untilKind(running, "brain.request");
    expect((await daemon.call("POST", `${path(hen)}/sleep`)).status).toBe(409);
    expect((await daemon.call("POST", `${path(hen)}/sleep?force=true`)).status).toBe(200);
    expect([await stateOf(hen), (await job(running)).status, (await job(waiting)).status]).toEqual([
      "SLEEPING",
      "CANCELLED",
      "QUEUED",
    ]);
    expect((await daemon.call("POST", `${path(hen)}/wake`)).status).toBe(200);
    expect((await daemon.ended(waiting)).result).toBe("woke");
  });

  test("delete removes jobs, journals, memory and workdir, and a new hen of the name inherits nothing", async () => {
    const hen = await daemon.hatch(promptHen("doomed"));
    await daemon.ended(
      await daemon.submit(hen, '- tools: [{name: bash, input: {command: "echo secret > left.txt"}}]\n- text: ok\n'),
    );
    const running = await daemon.submit(hen, stubborn("73.311"));
    await untilKind(running, "tool.intent");
    expect((await daemon.call("DELETE", `${path(hen)}?force=true`)).status).toBe(204);
    expect(alive("73.311")).toEqual([]);
    expect((await daemon.call("GET", `/jobs/${running}/journal`)).status).toBe(404);
    expect(existsSync(join(daemon.dataDir, "workdirs", "local-coop__doomed"))).toBe(false);
    await daemon.hatch(promptHen("doomed"));
    expect((await daemon.call("GET", `${path(hen)}/memory`)).json).toEqual([]);
    const after = await daemon.ended(
      await daemon.submit(hen, '- tools: [{name: bash, input: {command: "ls -A"}}]\n- text: "{{last_result}}"\n'),
    );
    expect(after.result).not.toContain("left.txt");
  });

  test("archive refuses waiting jobs, cancels them with force, and then nothing runs any more", async () => {
    const hen = await daemon.hatch(promptHen("retiring"));
    const running = await daemon.submit(hen, "- {delay_ms: 60000, text: late}\n");
    const waiting = await daemon.submit(hen, "- text: never\n");
    await untilKind(running, "brain.request");
    expect((await daemon.call("POST", `${path(hen)}/archive`)).status).toBe(409);
    expect((await daemon.call("POST", `${path(hen)}/archive?force=true`)).status).toBe(200);
    expect([await stateOf(hen), (await job(waiting)).status]).toEqual(["ARCHIVED", "CANCELLED"]);
    const refused = await daemon.call("POST", `${path(hen)}/jobs`, { prompt: "- text: no\n" });
    expect([refused.status, (refused.json as { code: string }).code]).toEqual([409, "hen_archived"]);
  });
});

describe("stopping the farm", () => {
  test("cancels what runs, starts nothing, takes jobs all the same, and goes on after resume", async () => {
    const hen = await daemon.hatch(promptHen("stopped"));
    const running = await daemon.submit(hen, "- {delay_ms: 60000, text: late}\n");
    await untilKind(running, "brain.request");
    expect((await daemon.call("POST", "/farm/stop")).json).toEqual({ cancelled: 1, stopped: true });
    expect((await job(running)).status).toBe("CANCELLED");
    const queued = await daemon.submit(hen, "- text: went on\n");
    await daemon.call("GET", "/farm");
    expect((await job(queued)).status).toBe("QUEUED");
    expect((await daemon.call("GET", "/farm")).json).toMatchObject({ stopped: true, jobs: { queued: 1 } });
    expect((await daemon.call("POST", "/farm/resume")).json).toEqual({ stopped: false });
    expect((await daemon.ended(queued)).result).toBe("went on");
  });
});

describe("dormancy", () => {
  test("counts from the last move and never from before the daemon's start; a submit wakes the hen", async () => {
    const dataDir = mkdtempSync(join(tmpdir(), "coopd-dormant-"));
    const store = await openStore({ dataDir });
    try {
      const id = parseHenId("local.coop/idle");
      const { manifest } = parseManifest(promptHen("idle"));
      await store.createHen({ hen: createHen(id, manifest, toInstant(1_000)), manifestText: "" });
      await store.moveHen({ id, from: "DEFINED", moves: ["HATCHING", "IDLE"], at: toInstant(2_000) });
      let nowMs = 1_000_000;
      const log = { debug() {}, info() {}, warn() {}, error() {} };
      const letGo: string[] = [];
      const pens = { letGo: async (hen: string) => void letGo.push(hen) };
      const parts = { store, pens, log, idleSecs: 600, hasTerminal: () => false, clock: { nowMs: () => nowMs } };
      const startedMs = nowMs;
      expect(await putAway(parts, startedMs)).toBe(0); // idle for long, but the daemon has just started
      nowMs += 599_000;
      expect(await putAway(parts, startedMs)).toBe(0);
      expect(letGo).toEqual([]);
      nowMs += 1_000;
      expect(await putAway(parts, startedMs)).toBe(1);
      expect(letGo).toEqual([id]);
      expect((await store.hen(id))?.state).toBe("DORMANT");
    } finally {
      await store.close();
      rmSync(dataDir, { recursive: true, force: true });
    }
    const hen = await daemon.hatch(promptHen("nap"));
    await daemon.call("POST", `${path(hen)}/sleep`);
    expect((await daemon.ended(await daemon.submit(hen, "- text: awake\n"))).result).toBe("awake");
  });
});
