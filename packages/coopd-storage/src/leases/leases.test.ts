import { afterEach, beforeEach, expect, test } from "bun:test";
import { at, henId, jobId, NO_LIMITS, sampleHen, sampleJob, settlement } from "../testing/samples.ts";
import { openTempStore, refusal, type TempStore } from "../testing/temp-store.ts";

let temp: TempStore;
beforeEach(async () => {
  temp = await openTempStore();
  await temp.store.createHen({ hen: sampleHen("ann", { slots: 2 }), manifestText: "" });
});
afterEach(async () => {
  expect(await temp.store.findFaults()).toEqual([]);
  await temp[Symbol.asyncDispose]();
});

const ID = henId("ann");
const queue = (n: number, leaseId?: string) =>
  temp.store.enqueue({
    job: sampleJob(n, "ann", leaseId === undefined ? {} : { leaseId }),
    hen: { from: ["IDLE", "WORKING", "LEASED"], moves: [] },
    limits: NO_LIMITS,
  });
const claim = async (second: number) => {
  const claims = await temp.store.claim({ count: 10, at: at(second) });
  return claims.map(({ job }) => job.id);
};
const lease = (endsAt: number | null = null) =>
  temp.store.leaseHen({
    id: ID,
    from: "IDLE",
    moves: ["LEASED"],
    lease: { kind: "leased_out", renter: "bob", lease_id: "l1", expires_at: endsAt === null ? null : at(endsAt) },
    at: at(1),
  });
const settle = (n: number, second: number) =>
  temp.store.settle({ jobId: jobId(n), epoch: 1, at: at(second), facts: [], settlement: settlement(n) });

test("a hen that works for its owner is not leased, and one that is leased not released over a job", async () => {
  await queue(1);
  await claim(1);
  expect((await refusal(lease())).code).toBe("illegal_move");
  await settle(1, 2);
  expect((await refusal(temp.store.releaseHen({ id: ID, isForced: true, at: at(3) }))).code).toBe("illegal_move");
  await lease();
  await queue(2, "l1");
  await claim(3);
  expect(await refusal(temp.store.releaseHen({ id: ID, isForced: false, at: at(4) }))).toMatchObject({
    code: "hen_busy",
    details: { job_id: jobId(2) },
  });
});

test("only jobs of the lease are claimed while it holds, and the hen says whose it is, over a restart", async () => {
  await queue(1);
  await queue(2, "l2");
  await queue(3, "l1");
  await lease(60);
  expect(await claim(2)).toEqual([jobId(3)]);
  await temp.reopen();
  expect(await temp.store.hen(ID)).toMatchObject({ state: "WORKING", lease: { renter: "bob", expires_at: at(60) } });
  expect(await temp.store.nextLeaseEnd()).toBe(at(60));
});

test("at its end nothing more of it is claimed, and it goes with its last job; what waited for it is cancelled", async () => {
  await lease(10);
  for (const n of [1, 2, 3]) await queue(n, "l1");
  expect(await claim(2)).toEqual([jobId(1), jobId(2)]);
  expect(await temp.store.expireLeases(at(9))).toBe(0);
  expect(await temp.store.expireLeases(at(10))).toBe(1);
  expect(await temp.store.nextLeaseEnd()).toBeUndefined();
  await settle(1, 11);
  expect(await claim(12)).toEqual([]); // a slot is free, and the lease is over
  await queue(4);
  expect(await claim(12)).toEqual([]); // nor does the owner's job run beside the renter's
  await settle(2, 13);
  expect(await temp.store.hen(ID)).toMatchObject({ state: "IDLE", lease: { kind: "owner" } });
  expect(await temp.store.job(jobId(3))).toMatchObject({ status: "CANCELLED" });
  expect(await claim(14)).toEqual([jobId(4)]);
  const moves = temp.events.flatMap((event) => (event.type === "hen_state_changed" ? [event.to] : []));
  expect(moves).toEqual(["LEASED", "WORKING", "IDLE", "WORKING"]);
});

test("a job that ends behind its lease's end takes the lease with it, also before anybody looked at the clock", async () => {
  await lease(10);
  await queue(1, "l1");
  await claim(2);
  await settle(1, 11);
  expect((await temp.store.hen(ID))?.lease).toEqual({ kind: "owner" });
  expect(await temp.store.expireLeases(at(12))).toBe(0);
});

test("a released hen is its owner's at once, and the lease's jobs are cancelled in the same commit", async () => {
  await lease();
  expect(await temp.store.nextLeaseEnd()).toBeUndefined();
  await temp.store.holdHen(ID, "move", true);
  await queue(1, "l1");
  expect(await temp.store.releaseHen({ id: ID, isForced: false, at: at(3) })).toMatchObject({
    state: "IDLE",
    lease: { kind: "owner" },
  });
  expect(await temp.store.job(jobId(1))).toMatchObject({ status: "CANCELLED", error: expect.stringContaining("l1") });
});
