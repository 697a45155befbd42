import { expect, test } from "bun:test";
import { NO_HEN_USAGE, type Settlement } from "coopd-core";
import { at, henId, jobId, NO_LIMITS, sampleHen, sampleJob, settlement } from "../testing/samples.ts";
import { openTempStore, refusal, type TempStore } from "../testing/temp-store.ts";

const ADA = henId("ada");
const IDLE = { from: ["IDLE", "WORKING"], moves: [] } as const;

async function settleNext(temp: TempStore, n: number, status: Settlement["status"]): Promise<void> {
  await temp.store.enqueue({ job: sampleJob(n, "ada"), hen: IDLE, limits: NO_LIMITS });
  const [claim] = await temp.store.claim({ count: 1, at: at(n) });
  const usage = { input_tokens: 100, output_tokens: 10, cache_tokens: 1, cache_write_tokens: 2 };
  const end = { ...settlement(n, status), turns: 3, usage };
  await temp.store.settle({ jobId: jobId(n), epoch: claim?.epoch ?? 0, at: at(n), facts: [], settlement: end });
}

test("a hen that is not there has no usage, and one without jobs has used nothing", async () => {
  await using temp = await openTempStore();
  expect(await temp.store.henUsage(ADA)).toBeUndefined();
  await temp.store.createHen({ hen: sampleHen("ada"), manifestText: "" });
  expect(await temp.store.henUsage(ADA)).toEqual(NO_HEN_USAGE);
});

test("every end is counted once, with what it used, and nothing is counted that has not ended", async () => {
  await using temp = await openTempStore();
  const { store } = temp;
  await store.createHen({ hen: sampleHen("ada"), manifestText: "" });
  await settleNext(temp, 1, "DONE");
  await settleNext(temp, 2, "DONE");
  await settleNext(temp, 3, "FAILED");
  await settleNext(temp, 4, "CANCELLED");
  for (const n of [5, 6]) await store.enqueue({ job: sampleJob(n, "ada"), hen: IDLE, limits: NO_LIMITS });
  await store.cancel(jobId(5), at(9));
  await store.failWaiting({ reason: "over", limit: 10, at: at(9) });
  await temp.reopen();
  expect(await temp.store.henUsage(ADA)).toEqual({
    jobs: { done: 2, failed: 2, cancelled: 2 },
    turns: 12,
    input_tokens: 400,
    output_tokens: 40,
    cache_tokens: 4,
    cache_write_tokens: 8,
  });
  expect((await temp.store.hen(ADA))?.stats).toEqual({ xp: 0, level: 0, quests_completed: 2, grain_earned: 0 });
  expect(await temp.store.findFaults()).toEqual([]);
});

test("a runner that is fenced off counts nothing, and a new hen of the same name begins at nothing", async () => {
  await using temp = await openTempStore();
  const { store } = temp;
  await store.createHen({ hen: sampleHen("ada"), manifestText: "" });
  await store.enqueue({ job: sampleJob(1, "ada"), hen: IDLE, limits: NO_LIMITS });
  const [claim] = await store.claim({ count: 1, at: at(1) });
  await store.takeOver(at(2));
  const stale = { jobId: jobId(1), epoch: claim?.epoch ?? 0, at: at(3), facts: [], settlement: settlement(1) };
  expect((await refusal(store.settle(stale))).code).toBe("stale_epoch");
  expect(await store.henUsage(ADA)).toEqual(NO_HEN_USAGE);
  await store.settle({ ...stale, epoch: stale.epoch + 1 });
  expect((await store.henUsage(ADA))?.jobs.done).toBe(1);
  await store.deleteHen(ADA, at(4));
  await store.createHen({ hen: sampleHen("ada"), manifestText: "" });
  expect(await store.henUsage(ADA)).toEqual(NO_HEN_USAGE);
  expect((await store.hen(ADA))?.stats.quests_completed).toBe(0);
});
