import { expect, test } from "bun:test";
import { CALLS_MAX } from "../calls/call-queue.ts";
import { at, henId, jobId, NO_LIMITS, sampleHen, sampleJob } from "../testing/samples.ts";
import { openTempStore, refusal, type TempStore } from "../testing/temp-store.ts";

const enqueue = (temp: TempStore, n: number, hen = "ada") =>
  temp.store.enqueue({ job: sampleJob(n, hen), hen: { from: ["IDLE"], moves: [] }, limits: NO_LIMITS });

async function withHen(): Promise<TempStore> {
  const temp = await openTempStore();
  await temp.store.createHen({ hen: sampleHen("ada"), manifestText: "" });
  return temp;
}

test("more calls than may wait are refused with the reason, and those that wait are answered", async () => {
  await using temp = await openTempStore();
  const reads = Array.from({ length: CALLS_MAX + 3 }, () => temp.store.setting("x"));
  const outcomes = await Promise.allSettled(reads);
  const refused = outcomes.filter(({ status }) => status === "rejected");
  expect(refused).toHaveLength(3);
  expect(refused[0]).toMatchObject({
    reason: { code: "store_unavailable", details: { waiting: CALLS_MAX, waiting_max: CALLS_MAX } },
  });
  expect(temp.store.stats()).toMatchObject({ waiting: 0, reads: CALLS_MAX });
});

test("an operation that is refused leaves its neighbours in the same commit alone", async () => {
  await using temp = await withHen();
  const { store } = temp;
  const before = store.stats().commits;
  const outcomes = await Promise.allSettled([
    enqueue(temp, 1),
    enqueue(temp, 2, "nobody"),
    enqueue(temp, 1), // the same id again: a mistake, which must not take the batch with it
    enqueue(temp, 3),
    store.moveHen({ id: henId("ada"), from: "SLEEPING", moves: ["IDLE"], at: at(1) }),
    store.putSetting("a", "b"),
  ]);
  expect(outcomes.map(({ status }) => status[0]).join("")).toBe("frrfrf");
  expect(outcomes[2]).toMatchObject({ reason: { code: "internal" } });
  expect(store.stats().commits - before).toBe(1);
  expect((await store.jobs({}, { limit: 9 })).map(({ id }) => id)).toEqual([jobId(1), jobId(3)]);
  expect(await store.counts()).toMatchObject({ queued: 2, eventSeq: 3 });
  expect(await store.findFaults()).toEqual([]);
});

test("what arrives during a commit shares the next: 2,000 writes take a handful of flushes", async () => {
  await using temp = await withHen();
  const { store } = temp;
  const before = store.stats();
  const writers = Array.from({ length: 200 }, async (_, writer) => {
    for (let n = 0; n < 10; n += 1) await enqueue(temp, writer * 10 + n);
  });
  await Promise.all(writers);
  const { commits, writes, batchMax } = store.stats();
  expect(writes - before.writes).toBe(2_000);
  expect(commits - before.commits).toBeLessThan(60); // 10 rounds of 200 in the best case, 2,000 without sharing
  expect(batchMax).toBeGreaterThan(50);
  expect(await store.counts()).toMatchObject({ queued: 2_000 });
});

test("calls are done in the order in which they were made", async () => {
  await using temp = await openTempStore();
  const { store } = temp;
  await Promise.all(Array.from({ length: 300 }, (_, n) => store.putSetting("key", String(n))));
  expect(await store.setting("key")).toBe("299");
});

test("whoever has its answer finds it in every later read", async () => {
  await using temp = await withHen();
  await Promise.all(
    Array.from({ length: 100 }, async (_, n) => {
      await enqueue(temp, n);
      expect((await temp.store.job(jobId(n)))?.status).toBe("QUEUED");
    }),
  );
});

test("closing answers what was called before, refuses what comes later, folds the log in, and may be repeated", async () => {
  await using temp = await withHen();
  const { store } = temp;
  const last = Array.from({ length: 100 }, (_, n) => enqueue(temp, n));
  const closing = store.close();
  expect((await refusal(enqueue(temp, 999))).code).toBe("shutting_down");
  await Promise.all(last);
  await closing;
  await store.close();
  expect((await refusal(store.counts())).code).toBe("shutting_down");
  expect(await Bun.file(`${temp.dataDir}/coop.sqlite-wal`).exists()).toBe(false);
  await temp.reopen();
  expect(await temp.store.counts()).toMatchObject({ queued: 100 });
});
