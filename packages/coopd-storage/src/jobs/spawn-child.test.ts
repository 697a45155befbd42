import { afterEach, beforeEach, expect, test } from "bun:test";
import type { Claim, Job, JobFilter, SpawnedChild } from "coopd-core";
import { at, henId, jobId, NO_LIMITS, sampleHen, sampleJob, settlement } from "../testing/samples.ts";
import { openTempStore, refusal, type TempStore } from "../testing/temp-store.ts";

let temp: TempStore;
beforeEach(async () => {
  temp = await openTempStore();
  for (const name of ["ann", "bea"]) await temp.store.createHen({ hen: sampleHen(name), manifestText: "" });
});
afterEach(() => temp[Symbol.asyncDispose]());

const OPEN = { from: ["IDLE", "WORKING"], moves: [] } as const;

/** A job of the hen, claimed. */
async function runJob(n: number, hen: string): Promise<Claim> {
  await temp.store.enqueue({ job: sampleJob(n, hen), hen: OPEN, limits: NO_LIMITS });
  const [claim] = await temp.store.claim({ count: 1, at: at(n) });
  if (claim === undefined) throw new Error("nothing to claim");
  return claim;
}
function child(n: number, hen: string, parent: Claim, call: Partial<SpawnedChild["parent"]> = {}): SpawnedChild {
  const job: Job = { ...sampleJob(n, hen), parent_job_id: parent.job.id, delegation_depth: 1 };
  return {
    child: job,
    hen: OPEN,
    limits: NO_LIMITS,
    parent: { epoch: parent.epoch, turn: 1, callId: "c1", ...call },
  };
}
const kindsOf = async (n: number) =>
  (await temp.store.journal(jobId(n), { after: 0, limit: 100 })).map(({ kind }) => kind);

test("a runner that was fenced off queues nothing, and neither does one whose job has ended", async () => {
  const parent = await runJob(1, "ann");
  await temp.reopen();
  const [taken] = await temp.store.takeOver(at(2));
  expect((await refusal(temp.store.spawnChild(child(2, "bea", parent)))).code).toBe("stale_epoch");
  const job = { jobId: jobId(1), epoch: taken?.epoch ?? 0 };
  await temp.store.settle({ ...job, at: at(3), facts: [], settlement: settlement(1) });
  const late = child(2, "bea", { ...parent, epoch: job.epoch });
  expect((await refusal(temp.store.spawnChild(late))).code).toBe("stale_epoch");
  expect(await temp.store.jobs({ henId: henId("bea") }, { limit: 10 })).toEqual([]);
});

test("a job's children are listed, and nobody else's, under every other filter too", async () => {
  const parent = await runJob(1, "ann");
  await temp.store.spawnChild(child(2, "bea", parent));
  await temp.store.spawnChild(child(3, "bea", parent, { callId: "c2" }));
  await temp.store.enqueue({ job: sampleJob(4, "bea"), hen: OPEN, limits: NO_LIMITS });
  const parentId = jobId(1);
  const list = async (filter: JobFilter, after?: string) =>
    (await temp.store.jobs(filter, { limit: 10, ...(after === undefined ? {} : { after }) })).map(({ id }) => id);
  expect(await list({ parentId: jobId(9) })).toEqual([]);
  expect(await list({ parentId: jobId(2) })).toEqual([]);
  expect(await list({ parentId })).toEqual([jobId(2), jobId(3)]);
  expect(await list({ parentId, order: "desc" })).toEqual([jobId(3), jobId(2)]);
  expect(await list({ parentId }, jobId(2))).toEqual([jobId(3)]);
  expect(await list({ parentId, henId: henId("ann") })).toEqual([]);
  expect(await list({ parentId, henId: henId("bea"), status: ["QUEUED"] })).toEqual([jobId(2), jobId(3)]);
  expect(await list({ parentId, status: ["DONE", "FAILED"] })).toEqual([]);
});

test("a call has one child, however often it asks and whatever happens in between", async () => {
  let parent = await runJob(1, "ann");
  await temp.store.spawnChild(child(2, "bea", parent));
  const again = await Promise.all([3, 4].map((n) => temp.store.spawnChild(child(n, "bea", parent))));
  await temp.reopen();
  [parent = parent] = await temp.store.takeOver(at(5));
  again.push(await temp.store.spawnChild(child(6, "bea", parent)));
  expect(again.map(({ id }) => id)).toEqual([jobId(2), jobId(2), jobId(2)]);
  expect(await kindsOf(1)).toEqual(["child.spawned"]);
  expect(temp.events.filter(({ type }) => type === "delegated").length).toBe(1);
  expect(await temp.store.childOfCall({ parentId: jobId(1), turn: 1, callId: "c1" })).toBe(jobId(2));
  expect(await temp.store.childOfCall({ parentId: jobId(1), turn: 2, callId: "c1" })).toBeUndefined();
  expect(await temp.store.findFaults()).toEqual([]);
});

test("a child that went with its hen is not made a second time", async () => {
  const parent = await runJob(1, "ann");
  await temp.store.spawnChild(child(2, "bea", parent));
  await temp.store.deleteHen(henId("bea"), at(3));
  await temp.store.createHen({ hen: sampleHen("bea"), manifestText: "" });
  expect((await refusal(temp.store.spawnChild(child(4, "bea", parent)))).code).toBe("job_not_found");
  expect(await temp.store.jobs({ henId: henId("bea") }, { limit: 10 })).toEqual([]);
});

test("of two jobs that close a circle in the same commit, one is refused", async () => {
  const [ann, bea] = [await runJob(1, "ann"), await runJob(2, "bea")];
  const both = await Promise.allSettled([
    temp.store.spawnChild(child(3, "bea", ann)),
    temp.store.spawnChild(child(4, "ann", bea)),
  ]);
  expect(both.map(({ status }) => status)).toEqual(["fulfilled", "rejected"]);
  expect(both[1]).toMatchObject({ reason: { code: "delegation_refused" } });
  expect(await kindsOf(2)).toEqual([]);
  const open = await temp.store.openChildren({}, { limit: 10 });
  expect(open.map(({ id }) => id)).toEqual([jobId(3)]);
  expect(await temp.store.openChildren({ parentId: jobId(2) }, { limit: 10 })).toEqual([]);
});
