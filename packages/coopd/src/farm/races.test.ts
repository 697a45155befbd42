import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { ErrorEnvelope, FarmEvent, FarmSummary, Hen, HenState, Job } from "coopd-core";
import { type DaemonUnderTest, openDaemonUnderTest, promptHen } from "../testing/daemon-under-test.ts";

let daemon: DaemonUnderTest;
beforeAll(async () => {
  daemon = await openDaemonUnderTest({ COOP_JOBS_AT_ONCE: "16" });
});
afterAll(() => daemon.close());

const path = (hen: string, tail = "") => `/hens/${encodeURIComponent(hen)}${tail}`;
const workdir = (name: string) => join(daemon.dataDir, "workdirs", `local-coop__${name}`);

async function hen(id: string): Promise<Hen> {
  return (await daemon.call("GET", path(id))).json as Hen;
}

async function jobsOf(id: string): Promise<readonly Job[]> {
  return (await daemon.call("GET", `/jobs?hen_id=${encodeURIComponent(id)}&limit=1000`)).json as readonly Job[];
}

/** Everything that happened on the farm, until the event that `isLast` knows. */
async function eventsUntil(isLast: (event: FarmEvent) => boolean): Promise<readonly FarmEvent[]> {
  const events: FarmEvent[] = [];
  const socket = new WebSocket(`${daemon.base.replace("http", "ws")}/api/v1/watch?since=0`);
  await new Promise<void>((resolve, reject) => {
    socket.onerror = reject;
    socket.onmessage = ({ data }) => {
      const event = JSON.parse(String(data)) as FarmEvent;
      events.push(event);
      if (isLast(event)) resolve();
    };
  });
  socket.close();
  return events;
}

/** What events say of a hen that cannot be: a move from a state it was not in, a job that runs while it sleeps. */
function contradictions(events: readonly FarmEvent[], id: string): readonly string[] {
  const found: string[] = [];
  const running = new Set<string>();
  let state: HenState = "DEFINED";
  for (const event of events) {
    if (event.type === "hen_state_changed" && event.id === id) {
      if (event.from !== state) found.push(`${event.seq}: moved from ${event.from} while ${state}`);
      state = event.to;
      if (state !== "WORKING" && running.size > 0) found.push(`${event.seq}: ${state} with ${[...running]} running`);
    }
    if (event.type === "hen_deleted" && event.id === id) {
      if (running.size > 0) found.push(`${event.seq}: deleted with ${[...running]} running`);
      running.clear();
      state = "DEFINED";
    }
    if (event.type !== "job_status_changed" || event.hen_id !== id) continue;
    if (event.status !== "RUNNING") {
      running.delete(event.job_id);
      continue;
    }
    if (running.size > 0) found.push(`${event.seq}: ${event.job_id} beside ${[...running]}`);
    if (state !== "WORKING") found.push(`${event.seq}: ${event.job_id} runs on a hen that is ${state}`);
    running.add(event.job_id);
  }
  return found;
}

describe("many submits at once on one hen (weaknesses D1)", () => {
  test("each job runs exactly once, and no two of them at the same time", async () => {
    const id = await daemon.hatch(promptHen("crowded"));
    // mkdir is atomic: a second job in the workdir at the same time finds it there.
    const command = (n: number) => `mkdir held || echo overlap >> bad; echo ${n} >> ran; sleep 0.01; rmdir held`;
    const numbers = Array.from({ length: 40 }, (_, n) => n);
    const ids = await Promise.all(
      numbers.map((n) =>
        daemon.submit(
          id,
          JSON.stringify([{ tools: [{ name: "bash", input: { command: command(n) } }] }, { text: "ok" }]),
        ),
      ),
    );
    const jobs = await Promise.all(ids.map((job) => daemon.ended(job)));
    expect(jobs.map(({ status }) => status)).toEqual(jobs.map(() => "DONE"));
    expect(existsSync(join(workdir("crowded"), "bad"))).toBe(false);
    const ran = readFileSync(join(workdir("crowded"), "ran"), "utf8")
      .trim()
      .split("\n")
      .map(Number);
    expect(ran.toSorted((a, b) => a - b)).toEqual(numbers);
    const ends = new Set(ids);
    const events = await eventsUntil((event) => {
      if (event.type === "job_status_changed" && event.status === "DONE") ends.delete(event.job_id);
      return ends.size === 0;
    });
    expect(contradictions(events, id)).toEqual([]);
  }, 60_000);
});

describe("sleep, wake and submit at the same moment (weaknesses D2)", () => {
  test("sleep is refused as busy or comes before; a hen never sleeps over a job, and no job is lost", async () => {
    const id = await daemon.hatch(promptHen("restless"));
    const jobs: string[] = [];
    for (let round = 0; round < 25; round += 1) {
      const answers = await Promise.all([
        daemon.submit(id, "  - delay_ms: 3\n    text: ok\n"),
        daemon.call("POST", path(id, "/sleep")),
        daemon.submit(id, "  - text: ok\n"),
        daemon.call("POST", path(id, "/wake")),
      ]);
      jobs.push(answers[0], answers[2]);
      for (const { status, json } of [answers[1], answers[3]]) {
        // The hen may be where it is asked to go already, or at work; nothing else can stand in the way.
        if (status !== 200) expect(["hen_busy", "illegal_move"]).toContain((json as ErrorEnvelope).code);
      }
    }
    await daemon.call("POST", path(id, "/wake"));
    const ended = await Promise.all(jobs.map((job) => daemon.ended(job)));
    expect(ended.map(({ status }) => status)).toEqual(ended.map(() => "DONE"));
    const last = await daemon.submit(id, "  - text: last\n");
    await daemon.ended(last);
    const events = await eventsUntil(
      (event) => event.type === "job_status_changed" && event.job_id === last && event.status === "DONE",
    );
    expect(contradictions(events, id)).toEqual([]);
  }, 60_000);
});

describe("delete and submit at the same moment (weaknesses D4)", () => {
  test("either the job ends on its hen, or it goes with it; the next hen of that name inherits nothing", async () => {
    const outcomes = new Set<string>();
    for (let round = 0; round < 20; round += 1) {
      const id = await daemon.hatch(promptHen("short-lived"));
      expect([await jobsOf(id), existsSync(join(workdir("short-lived"), "left"))]).toEqual([[], false]);
      const prompt = '  - tools: [{name: bash, input: {command: "echo mine > left"}}]\n  - text: ok\n';
      const [submitted, ...deletes] = await Promise.all([
        daemon.call("POST", path(id, "/jobs"), { prompt }),
        ...Array.from({ length: 12 }, (_, n) => Bun.sleep(n / 2).then(() => daemon.call("DELETE", path(id)))),
      ]);
      expect([202, 404]).toContain(submitted.status);
      for (const { status, json } of deletes) {
        const { code, details } = (json ?? {}) as Partial<ErrorEnvelope>;
        outcomes.add(code ?? "deleted");
        expect([204, 404, 409]).toContain(status);
        if (code === "hen_busy") expect(details?.job_id).toBe((submitted.json as { job_id: string }).job_id);
      }
      if (deletes.some(({ status }) => status === 204)) continue;
      const { job_id } = submitted.json as { job_id: string };
      expect((await daemon.ended(job_id)).status).toBe("DONE");
      expect((await hen(id)).state).toBe("IDLE");
      expect((await daemon.call("DELETE", path(id))).status).toBe(204);
    }
    const id = await daemon.hatch(promptHen("short-lived"));
    const { event_seq } = (await daemon.call("GET", "/farm")).json as FarmSummary;
    const events = await eventsUntil((event) => event.seq >= event_seq);
    expect(contradictions(events, id)).toEqual([]);
    expect(outcomes).toContain("hen_busy"); // else the race was not met, and the test says nothing
  }, 60_000);
});
