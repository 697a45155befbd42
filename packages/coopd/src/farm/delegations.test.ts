import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { FarmEvent, Job } from "coopd-core";
import { type DaemonUnderTest, openDaemonUnderTest, promptHen } from "../testing/daemon-under-test.ts";

let daemon: DaemonUnderTest;
beforeAll(async () => {
  daemon = await openDaemonUnderTest({ COOP_JOBS_AT_ONCE: "1", COOP_DELEGATE_TIMEOUT_SECS: "1" });
  await Promise.all(["ann", "bea", "cat", "dot", "eve"].map((name) => daemon.hatch(boss(name))));
});
afterAll(() => daemon.close());

const boss = (name: string, extra = "") => promptHen(name, extra).replace("tools: [", "tools: [delegate, ");
const hen = (name: string) => `local.coop/${name}`;

/** A script, as JSON, that hands `prompt` on to a hen and says what came back. */
const handOn = (to: string, prompt: string, say = "{{last_result}}") =>
  JSON.stringify([{ tools: [{ name: "delegate", input: { hen: hen(to), prompt } }] }, { text: say }]);
const say = (text: string, delay_ms = 0) => JSON.stringify([{ text, delay_ms }]);

const run = async (name: string, script: string) => daemon.ended(await daemon.submit(hen(name), script));
const jobsOf = async (name: string) =>
  (await daemon.call("GET", `/jobs?hen_id=${encodeURIComponent(hen(name))}`)).json as readonly Job[];
/** What the job's last tool call was answered. */
const toolAnswer = async (jobId: string) => {
  const results = (await daemon.journal(jobId)).filter((entry) => entry.kind === "tool.result");
  return results.at(-1)?.content;
};
const delegate = (from: string, body: unknown) =>
  daemon.call("POST", `/hens/${encodeURIComponent(hen(from))}/delegate`, body);

/** Everything from `since` on, until a job has ended. */
async function eventsUntilEnd(since: number, jobId: string): Promise<readonly FarmEvent[]> {
  const events: FarmEvent[] = [];
  const socket = new WebSocket(`${daemon.base.replace("http", "ws")}/api/v1/watch?since=${since}`);
  await new Promise<void>((resolve) => {
    socket.onmessage = ({ data }) => {
      const event = JSON.parse(String(data)) as FarmEvent;
      events.push(event);
      if (event.type === "job_status_changed" && event.job_id === jobId && event.status === "DONE") resolve();
    };
  });
  socket.close();
  return events;
}
const eventSeq = async () => ((await daemon.call("GET", "/farm")).json as { event_seq: number }).event_seq;

describe("the delegate tool, on a farm with room for one job", () => {
  test("is refused for oneself, an unknown hen and what is not granted, and the brain is told why", async () => {
    expect((await run("ann", handOn("ann", "x"))).result).toContain("cannot delegate to itself");
    expect((await run("ann", handOn("nobody", "x"))).result).toContain("hen not found: local.coop/nobody");
    await daemon.hatch(promptHen("meek"));
    expect((await run("meek", handOn("ann", "x"))).result).toContain('tool "delegate" is not granted');
    expect((await jobsOf("ann")).every((job) => job.parent_job_id === null)).toBe(true);
  });

  test("runs the other hen's job and hands its result back; the journal names the child", async () => {
    const since = await eventSeq();
    const job = await run("ann", handOn("bea", say("from bea")));
    const [child] = (await jobsOf("bea")).slice(-1);
    expect(job.result).toBe(`{"hen":"local.coop/bea","job_id":"${child?.id}","output":"from bea","status":"Done"}`);
    expect(child).toMatchObject({ parent_job_id: job.id, delegation_depth: 1, status: "DONE", result: "from bea" });
    const listed = (await daemon.call("GET", `/jobs?parent_job_id=${job.id}`)).json as readonly Job[];
    expect(listed.map(({ id }) => id)).toEqual(child === undefined ? [] : [child.id]);
    expect((await daemon.call("GET", `/jobs?parent_job_id=${child?.id}`)).json).toEqual([]);
    expect(child?.limits.max_turns).toBe(15); // of 16, the parent had used one
    const kinds = (await daemon.journal(job.id)).map((entry) => entry.kind);
    expect(kinds.slice(3, 7)).toEqual(["tool.intent", "child.spawned", "child.result", "tool.result"]);
    expect((await daemon.journal(job.id)).map((entry) => entry.seq)).toEqual(kinds.map((_, index) => index + 1));
    const events = await eventsUntilEnd(since, job.id);
    const types = events.map((event) => event.type);
    const submitted = events.findIndex((event) => event.type === "job_submitted" && event.job_id === child?.id);
    expect(types[submitted + 1]).toBe("delegated");
    const moves = events.filter((event) => event.type === "hen_state_changed" && event.id === hen("ann"));
    expect(moves.length).toBe(1); // it stays WORKING while it waits
  });

  test("tells a failed child from a finished one, and the parent decides what to make of it", async () => {
    const failing = JSON.stringify([{ error: { code: "brain_refused", message: "no" } }]);
    const job = await run("ann", handOn("bea", failing));
    expect(job.status).toBe("DONE");
    expect(JSON.parse(job.result ?? "")).toMatchObject({ hen: hen("bea"), status: "Failed" });
  });

  test("finishes a chain of three hops, and refuses the fourth", async () => {
    const end = handOn("eve", say("too deep"), "dot did it");
    const chain = handOn(
      "bea",
      handOn("cat", handOn("dot", end, "cat did it"), "bea did it"),
      "{{last_result.output}}",
    );
    const job = await run("ann", chain);
    expect([job.status, job.result]).toEqual(["DONE", "bea did it"]);
    const deepest = (await jobsOf("dot")).at(-1);
    expect(deepest).toMatchObject({ delegation_depth: 3, status: "DONE" });
    const told = await toolAnswer(deepest?.id ?? "");
    expect(told).toContain("the limit is 3");
    expect(told).toContain("local.coop/ann -> local.coop/bea -> local.coop/cat -> local.coop/dot -> local.coop/eve");
    expect(await jobsOf("eve")).toEqual([]);
  });

  test("refuses a circle at once, with its path", async () => {
    await run("ann", handOn("bea", handOn("ann", say("never"), "bea did it")));
    expect(await toolAnswer((await jobsOf("bea")).at(-1)?.id ?? "")).toContain(
      "local.coop/ann -> local.coop/bea -> local.coop/ann",
    );
    expect((await jobsOf("ann")).every((one) => one.parent_job_id === null)).toBe(true);
  });

  test("two jobs that hand work to each other's hens: one of them is refused, and both end", async () => {
    for (let round = 0; round < 5; round += 1) {
      const [a, b] = await Promise.all([
        run("ann", handOn("bea", say("for ann"))),
        run("bea", handOn("ann", say("for bea"))),
      ]);
      expect([a.status, b.status]).toEqual(["DONE", "DONE"]);
      expect(`${a.result}${b.result}`).toMatch(/for ann|for bea/);
    }
  });

  test("many parents at once on one hen: all end", async () => {
    const parents = await Promise.all(
      ["ann", "bea", "cat", "dot"].flatMap((name) => [1, 2].map((n) => run(name, handOn("eve", say(`${name}${n}`))))),
    );
    expect(parents.map((job) => job.status)).toEqual(parents.map(() => "DONE"));
    for (const job of parents) expect(JSON.parse(job.result ?? "").status).toBe("Done");
  });

  test("a cancelled parent takes its child with it, running or waiting", async () => {
    const since = await eventSeq();
    const id = await daemon.submit(hen("ann"), handOn("bea", say("late", 60_000)));
    const child = await spawnedChild(since);
    const cancelled = await daemon.call("POST", `/jobs/${id}/cancel`);
    expect(cancelled.json).toMatchObject({ status: "CANCELLED" });
    expect((await daemon.ended(child)).status).toBe("CANCELLED");
  });

  test("a child that is cancelled is told to its parent, and so is one that goes with its hen", async () => {
    let since = await eventSeq();
    let id = await daemon.submit(hen("ann"), handOn("bea", say("late", 60_000)));
    await daemon.call("POST", `/jobs/${await spawnedChild(since)}/cancel`);
    expect(JSON.parse((await daemon.ended(id)).result ?? "")).toMatchObject({
      output: "cancelled",
      status: "Cancelled",
    });
    await daemon.hatch(boss("gone"));
    since = await eventSeq();
    id = await daemon.submit(hen("ann"), handOn("gone", say("late", 60_000)));
    await spawnedChild(since);
    await daemon.call("DELETE", `/hens/${encodeURIComponent(hen("gone"))}?force=true`);
    expect((await daemon.ended(id)).status).toBe("DONE");
  });
});

/** The child of the next hand-over behind `since`. */
async function spawnedChild(since: number): Promise<string> {
  const socket = new WebSocket(`${daemon.base.replace("http", "ws")}/api/v1/watch?since=${since}`);
  const id = await new Promise<string>((resolve) => {
    socket.onmessage = ({ data }) => {
      const event = JSON.parse(String(data));
      if (event.type === "delegated") resolve(event.job_id);
    };
  });
  socket.close();
  return id;
}

describe("POST /hens/:id/delegate", () => {
  test("is refused when blank, to oneself, to nobody and from nobody", async () => {
    expect((await delegate("ann", { to: hen("bea"), prompt: " " })).status).toBe(400);
    expect(await delegate("ann", { to: hen("ann"), prompt: "x" })).toMatchObject({
      status: 400,
      json: { code: "delegation_refused" },
    });
    expect((await delegate("ann", { to: hen("nobody"), prompt: "x" })).status).toBe(404);
    expect((await delegate("nobody", { to: hen("ann"), prompt: "x" })).status).toBe(404);
    expect((await delegate("ann", { to: "NO", prompt: "x" })).status).toBe(400);
    expect((await delegate("ann", { prompt: "x" })).status).toBe(422);
  });

  test("answers how the job ended, 200 also when it failed, keys sorted; a hen that sleeps is woken for it", async () => {
    await daemon.call("POST", `/hens/${encodeURIComponent(hen("bea"))}/sleep`);
    const done = await delegate("ann", { to: hen("bea"), prompt: say("hello") });
    expect(Object.keys(done.json as object)).toEqual(["hen", "job_id", "output", "status"]);
    expect(done).toMatchObject({ status: 200, json: { output: "hello", status: "Done" } });
    const failed = await delegate("ann", { to: hen("bea"), prompt: "no script" });
    expect(failed).toMatchObject({ status: 200, json: { status: "Failed" } });
    expect((await jobsOf("bea")).at(-1)).toMatchObject({ delegation_depth: 1, parent_job_id: null });
  });

  test("answers 504 with the job when it takes too long, and the job goes on", async () => {
    const late = await delegate("ann", { to: hen("bea"), prompt: say("late", 1_500) });
    expect(late).toMatchObject({ status: 504, json: { code: "timeout" } });
    const { job_id } = (late.json as { details: { job_id: string } }).details;
    expect((await daemon.ended(job_id)).result).toBe("late");
  });

  test("with an Idempotency-Key is one job, however often it is sent", async () => {
    const send = () =>
      fetch(`${daemon.base}/api/v1/hens/${encodeURIComponent(hen("ann"))}/delegate`, {
        method: "POST",
        headers: { "content-type": "application/json", "idempotency-key": "delegate-1" },
        body: JSON.stringify({ to: hen("bea"), prompt: say("once") }),
      }).then((response) => response.json());
    const [first, second] = [await send(), await send()];
    expect(second).toEqual(first as object);
  });
});
