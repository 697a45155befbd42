import { expect, test } from "bun:test";
import type { Claim } from "coopd-core";
import { at, henId, jobId, NO_LIMITS, sampleHen, sampleJob, settlement } from "../testing/samples.ts";
import { openTempStore, refusal, type TempStore } from "../testing/temp-store.ts";

const create = (temp: TempStore, name: string, wishes: Parameters<typeof sampleHen>[1] = {}) =>
  temp.store.createHen({ hen: sampleHen(name, wishes), manifestText: "" });

const enqueue = (temp: TempStore, n: number, hen: string, leaseId?: string) =>
  temp.store.enqueue({
    job: sampleJob(n, hen, leaseId === undefined ? {} : { leaseId }),
    hen: { from: ["DEFINED", "IDLE", "WORKING", "LEASED", "SLEEPING"], moves: [] },
    limits: NO_LIMITS,
  });

const claim = async (temp: TempStore, count: number) =>
  (await temp.store.claim({ count, at: at(100) })).map(({ job }) => Number.parseInt(job.id.slice(-12), 16));

const settle = (temp: TempStore, n: number, epoch = 1) =>
  temp.store.settle({ jobId: jobId(n), epoch, at: at(200), facts: [], settlement: settlement(n) });

test("nothing is claimed for a hen that is asleep, defined, dormant or archived, nor with a count of none", async () => {
  await using temp = await openTempStore();
  await create(temp, "ada", { state: "SLEEPING" });
  await create(temp, "bob", { state: "DEFINED" });
  await create(temp, "cyd");
  await enqueue(temp, 1, "ada");
  await enqueue(temp, 2, "bob");
  expect(await claim(temp, 5)).toEqual([]);
  await enqueue(temp, 3, "cyd");
  for (const count of [0, -1, Number.NaN]) expect(await claim(temp, count)).toEqual([]);
  await temp.store.moveHen({ id: henId("ada"), from: "SLEEPING", moves: ["IDLE"], at: at(1) });
  expect((await claim(temp, 5)).sort()).toEqual([1, 3]);
});

test("no job is claimed twice, however many callers there are", async () => {
  await using temp = await openTempStore();
  for (let hen = 0; hen < 10; hen += 1) await create(temp, `h${hen}`, { slots: 100 });
  await Promise.all(Array.from({ length: 200 }, (_, n) => enqueue(temp, n, `h${n % 10}`)));
  const rounds = await Promise.all(Array.from({ length: 60 }, () => claim(temp, 4)));
  const claimed = rounds.flat();
  expect(claimed).toHaveLength(200);
  expect(new Set(claimed).size).toBe(200);
  expect(await temp.store.counts()).toMatchObject({ queued: 0, running: 200 });
  expect(await temp.store.findFaults()).toEqual([]);
});

test("a hen's jobs start oldest first, as many at once as it has slots", async () => {
  await using temp = await openTempStore();
  await create(temp, "ada", { slots: 2 });
  for (const n of [3, 1, 2, 4]) await enqueue(temp, n, "ada");
  expect(await claim(temp, 10)).toEqual([1, 2]);
  expect(await claim(temp, 10)).toEqual([]);
  await settle(temp, 2);
  expect(await claim(temp, 10)).toEqual([3]);
  expect((await temp.store.hen(henId("ada")))?.state).toBe("WORKING");
});

test("between hens the one that has waited longest is next, and a long queue starves nobody", async () => {
  await using temp = await openTempStore();
  await create(temp, "ada", { slots: 3 });
  await create(temp, "bob", { slots: 3 });
  await create(temp, "cyd", { slots: 3 });
  for (let n = 1; n <= 6; n += 1) await enqueue(temp, n, "ada");
  for (let n = 11; n <= 13; n += 1) await enqueue(temp, n, "bob");
  await enqueue(temp, 21, "cyd");
  expect(await claim(temp, 2)).toEqual([1, 11]);
  expect(await claim(temp, 4)).toEqual([21, 2, 12, 3]);
  await settle(temp, 1);
  expect(await claim(temp, 9)).toEqual([13, 4]);
});

test("a LEASED hen works for its renter only, and is LEASED again after its last job", async () => {
  await using temp = await openTempStore();
  await create(temp, "ada", { state: "LEASED", leaseId: "l1", slots: 2 });
  await enqueue(temp, 1, "ada");
  await enqueue(temp, 2, "ada", "l1");
  await enqueue(temp, 3, "ada", "l2");
  await enqueue(temp, 4, "ada", "l1");
  expect(await claim(temp, 1)).toEqual([2]);
  expect((await temp.store.hen(henId("ada")))?.state).toBe("WORKING");
  expect(await claim(temp, 9)).toEqual([4]);
  await settle(temp, 2);
  expect(await claim(temp, 9)).toEqual([]);
  await settle(temp, 4);
  expect((await temp.store.hen(henId("ada")))?.state).toBe("LEASED");
  expect(temp.events.at(-1)).toMatchObject({ type: "hen_state_changed", from: "WORKING", to: "LEASED" });
});

test("a hen that is not leased does not run a renter's job", async () => {
  await using temp = await openTempStore();
  await create(temp, "ada");
  await enqueue(temp, 1, "ada", "l1");
  await enqueue(temp, 2, "ada");
  expect(await claim(temp, 9)).toEqual([2]);
});

test("a claim is WORKING and RUNNING at once, in this order of events, and gives hen, job and journal", async () => {
  await using temp = await openTempStore();
  await create(temp, "ada", { slots: 2 });
  await enqueue(temp, 1, "ada");
  await enqueue(temp, 2, "ada");
  const claims = await temp.store.claim({ count: 2, at: at(9) });
  expect(claims[0]).toMatchObject({ epoch: 1, journal: [], hen: { state: "WORKING", updated_at: at(9) } });
  expect(claims[0]?.job).toMatchObject({ id: jobId(1), status: "RUNNING", started_at: at(9), updated_at: at(9) });
  expect(temp.events.slice(3)).toMatchObject([
    { type: "hen_state_changed", from: "IDLE", to: "WORKING" },
    { type: "job_status_changed", status: "RUNNING", job_id: jobId(1), hen_id: henId("ada") },
    { type: "job_status_changed", status: "RUNNING", job_id: jobId(2), hen_id: henId("ada") },
  ]);
});

test("taking over gives every RUNNING job with its journal and a new epoch, and fences the old runner off", async () => {
  await using temp = await openTempStore();
  await create(temp, "ada");
  await create(temp, "bob");
  await enqueue(temp, 1, "ada");
  await enqueue(temp, 2, "bob");
  await enqueue(temp, 3, "bob");
  await temp.store.claim({ count: 9, at: at(5) });
  const note = { kind: "note", text: "half way" } as const;
  await temp.store.append({ jobId: jobId(2), epoch: 1, at: at(6), facts: [note] });
  await temp.reopen();
  const claims = await temp.store.takeOver(at(7));
  expect(claims.map(({ job, epoch }: Claim) => [job.id, epoch])).toEqual([
    [jobId(1), 2],
    [jobId(2), 2],
  ]);
  expect(claims[1]?.journal).toEqual([{ ...note, seq: 1, at: at(6), epoch: 1 }]);
  expect(claims[1]?.job).toMatchObject({ status: "RUNNING", started_at: at(5), updated_at: at(7) });
  expect((await refusal(settle(temp, 1, 1))).code).toBe("stale_epoch");
  await settle(temp, 1, 2);
  expect(await temp.store.counts()).toMatchObject({ queued: 1, running: 1, hensByState: { IDLE: 1, WORKING: 1 } });
});
