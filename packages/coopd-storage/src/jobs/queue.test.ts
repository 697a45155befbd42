import { expect, test } from "bun:test";
import type { HenState } from "coopd-core";
import { at, henId, jobId, NO_LIMITS, sampleHen, sampleJob, settlement } from "../testing/samples.ts";
import { openTempStore, refusal, type TempStore } from "../testing/temp-store.ts";

const enqueue = (temp: TempStore, n: number, hen: string, parts: Parameters<typeof sampleJob>[2] = {}) =>
  temp.store.enqueue({
    job: sampleJob(n, hen, parts),
    hen: { from: ["IDLE", "WORKING"], moves: [] },
    limits: NO_LIMITS,
  });

const create = (temp: TempStore, name: string, wishes: Parameters<typeof sampleHen>[1] = {}) =>
  temp.store.createHen({ hen: sampleHen(name, wishes), manifestText: "" });

test("a job for a hen that is not there, or in another state by now, is not left behind", async () => {
  await using temp = await openTempStore();
  expect((await refusal(enqueue(temp, 1, "nobody"))).code).toBe("hen_not_found");
  await create(temp, "ada", { state: "SLEEPING" });
  const refused = await refusal(enqueue(temp, 2, "ada"));
  expect([refused.code, refused.details?.from]).toEqual(["illegal_move", "SLEEPING"]);
  const moves: readonly HenState[] = ["WORKING"];
  const illegal = { job: sampleJob(3, "ada"), hen: { from: ["SLEEPING"] as const, moves }, limits: NO_LIMITS };
  expect((await refusal(temp.store.enqueue(illegal))).code).toBe("illegal_move");
  expect(await temp.store.jobs({}, { limit: 10 })).toEqual([]);
  expect(await temp.store.counts()).toMatchObject({ queued: 0, running: 0 });
});

test("beyond its limits a queue is full, and a refused job leaves no trace in either count", async () => {
  await using temp = await openTempStore();
  await create(temp, "ada");
  await create(temp, "bob");
  const limits = { perHen: 2, perFarm: 3 };
  const submit = (n: number, hen: string) =>
    temp.store.enqueue({ job: sampleJob(n, hen), hen: { from: ["IDLE"], moves: [] }, limits });
  await submit(1, "ada");
  await submit(2, "ada");
  expect(await refusal(submit(3, "ada"))).toMatchObject({ code: "queue_full", details: { limit: 2, scope: "hen" } });
  await submit(4, "bob");
  expect(await refusal(submit(5, "bob"))).toMatchObject({ code: "queue_full", details: { limit: 3, scope: "farm" } });
  expect((await temp.store.counts()).queued).toBe(3);
  expect(await temp.store.findFaults()).toEqual([]);
});

test("the hen's moves and the job come together, moves first", async () => {
  await using temp = await openTempStore();
  await create(temp, "ada", { state: "DORMANT" });
  const job = sampleJob(1, "ada");
  const queued = await temp.store.enqueue({ job, hen: { from: ["DORMANT"], moves: ["IDLE"] }, limits: NO_LIMITS });
  expect(queued).toEqual(job);
  expect(await temp.store.job(job.id)).toEqual(job);
  expect((await temp.store.hen(henId("ada")))?.state).toBe("IDLE");
  expect(temp.events.slice(1).map(({ type, seq }) => [seq, type])).toEqual([
    [2, "hen_state_changed"],
    [3, "job_submitted"],
  ]);
});

test("a submit that races a delete is gone with the hen or refused, and never left over", async () => {
  await using temp = await openTempStore();
  for (let round = 0; round < 20; round += 1) {
    await create(temp, "ada");
    const isFirst = round % 2 === 0;
    const early = isFirst ? enqueue(temp, round, "ada") : undefined;
    const deleted = temp.store.deleteHen(henId("ada"), at(round));
    const late = enqueue(temp, 100 + round, "ada");
    expect((await Promise.allSettled([early, deleted])).map(({ status }) => status)).toEqual([
      "fulfilled",
      "fulfilled",
    ]);
    expect((await refusal(late)).code).toBe("hen_not_found");
  }
  expect(await temp.store.jobs({}, { limit: 10 })).toEqual([]);
  expect(await temp.store.counts()).toMatchObject({ queued: 0, running: 0 });
});

test("only a waiting job is cancelled from the queue, and its journal says so", async () => {
  await using temp = await openTempStore();
  const { store } = temp;
  await create(temp, "ada");
  await enqueue(temp, 1, "ada");
  await enqueue(temp, 2, "ada");
  await store.claim({ count: 1, at: at(3) });
  expect((await refusal(store.cancelQueued(jobId(9), at(4)))).code).toBe("job_not_found");
  expect(await refusal(store.cancelQueued(jobId(1), at(4)))).toMatchObject({ code: "hen_busy" });
  const cancelled = await store.cancelQueued(jobId(2), at(5));
  expect(cancelled).toMatchObject({ status: "CANCELLED", error_code: "cancelled", ended_at: at(5), started_at: null });
  expect((await refusal(store.cancelQueued(jobId(2), at(6)))).code).toBe("job_ended");
  expect(await store.journal(jobId(2), { after: 0, limit: 9 })).toMatchObject([{ kind: "settled", seq: 1, epoch: 0 }]);
  expect(temp.events.at(-1)).toMatchObject({ type: "job_status_changed", status: "CANCELLED", job_id: jobId(2) });
  expect(await store.episodes(henId("ada"), 9)).toEqual([]);
  expect(await store.counts()).toMatchObject({ queued: 0, running: 1 });
});

test("a cancel that races a claim either wins or is told that the job runs", async () => {
  await using temp = await openTempStore();
  const { store } = temp;
  await create(temp, "ada", { slots: 100 });
  for (let n = 1; n <= 30; n += 1) {
    await enqueue(temp, n, "ada");
    const race = [store.claim({ count: 1, at: at(n) }), store.cancelQueued(jobId(n), at(n))];
    const [claims, cancel] = await Promise.allSettled(race);
    const isClaimed = claims?.status === "fulfilled" && (claims.value as readonly unknown[]).length === 1;
    expect(cancel?.status).toBe(isClaimed ? "rejected" : "fulfilled");
    expect((await store.job(jobId(n)))?.status).toBe(isClaimed ? "RUNNING" : "CANCELLED");
  }
  expect(await store.findFaults()).toEqual([]);
});

test("jobs are listed by id, with every filter, page by page, and the newest first where that is asked", async () => {
  await using temp = await openTempStore();
  const { store } = temp;
  for (const name of ["ada", "bob"]) await create(temp, name);
  for (let n = 1; n <= 12; n += 1) await enqueue(temp, n, n % 3 === 0 ? "bob" : "ada");
  const [claim] = await store.claim({ count: 1, at: at(20) });
  await store.settle({ jobId: jobId(1), epoch: claim?.epoch ?? 0, at: at(21), facts: [], settlement: settlement(1) });
  await store.cancelQueued(jobId(2), at(22));
  const ns = async (...args: Parameters<typeof store.jobs>) =>
    (await store.jobs(...args)).map(({ id }) => Number.parseInt(id.slice(-12), 16));
  expect(await ns({}, { limit: 3 })).toEqual([1, 2, 3]);
  expect(await ns({}, { limit: 100, after: jobId(10) })).toEqual([11, 12]);
  expect(await ns({ henId: henId("bob") }, { limit: 3, after: jobId(3) })).toEqual([6, 9, 12]);
  expect(await ns({ henId: henId("ada") }, { limit: 4 })).toEqual([1, 2, 4, 5]);
  expect(await ns({ status: ["DONE", "CANCELLED"] }, { limit: 9 })).toEqual([1, 2]);
  expect(await ns({ status: ["QUEUED", "DONE"], henId: henId("ada") }, { limit: 3 })).toEqual([1, 4, 5]);
  expect(await ns({ status: ["QUEUED"], henId: henId("ada") }, { limit: 2, after: jobId(5) })).toEqual([7, 8]);
  expect(await ns({ status: [] }, { limit: 9 })).toEqual([]);
  expect((await store.latestJobs(2)).map(({ id }) => id)).toEqual([jobId(12), jobId(11)]);
  expect(await store.job(jobId(99))).toBeUndefined();
});
