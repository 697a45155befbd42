import { expect, test } from "bun:test";
import type { OnceKey } from "coopd-core";
import { at, henId, jobId, NO_LIMITS, sampleHen, sampleJob } from "../testing/samples.ts";
import { openTempStore, refusal } from "../testing/temp-store.ts";

const DAY_SECS = 86_400;
const IDLE = { from: ["IDLE"], moves: [] } as const;

function once(key: string, request = "a"): OnceKey {
  return { key, request };
}

test("a key that is bound is refused to a second operation, which then makes nothing", async () => {
  await using temp = await openTempStore();
  const { store } = temp;
  await store.createHen({ hen: sampleHen("ada"), manifestText: "", once: once("k1") });
  const second = store.createHen({ hen: sampleHen("bob"), manifestText: "", once: once("k1") });
  expect((await refusal(second)).code).toBe("idempotency_conflict");
  expect(await store.hen(henId("bob"))).toBeUndefined();
  const job = store.enqueue({ job: sampleJob(1, "ada"), hen: IDLE, limits: NO_LIMITS, once: once("k1") });
  expect((await refusal(job)).code).toBe("idempotency_conflict");
  expect((await store.counts()).queued).toBe(0);
});

test("another request with the same key is refused; the same one finds what was made, over a restart", async () => {
  await using temp = await openTempStore();
  await temp.store.createHen({ hen: sampleHen("ada"), manifestText: "", once: once("k1", "a") });
  await temp.reopen();
  const { store } = temp;
  expect((await refusal(store.madeBy(once("k1", "b"), at(1)))).code).toBe("idempotency_conflict");
  expect(await store.madeBy(once("k1", "a"), at(1))).toBe(henId("ada"));
  expect(await store.madeBy(once("k2", "a"), at(1))).toBeUndefined();
});

test("an operation that is refused binds no key", async () => {
  await using temp = await openTempStore();
  const { store } = temp;
  const job = { job: sampleJob(1, "ada"), hen: IDLE, limits: NO_LIMITS, once: once("k1") };
  expect((await refusal(store.enqueue(job))).code).toBe("hen_not_found");
  expect(await store.madeBy(once("k1"), at(1))).toBeUndefined();
  await store.createHen({ hen: sampleHen("ada"), manifestText: "" });
  await store.enqueue(job);
  expect(await store.madeBy(once("k1"), at(2))).toBe(jobId(1));
});

test("of 50 that arrive at once with one key, one makes something", async () => {
  await using temp = await openTempStore();
  const { store } = temp;
  await store.createHen({ hen: sampleHen("ada"), manifestText: "" });
  const jobs = Array.from({ length: 50 }, (_, n) =>
    store.enqueue({ job: sampleJob(n + 1, "ada"), hen: IDLE, limits: NO_LIMITS, once: once("k1") }),
  );
  const outcomes = await Promise.allSettled(jobs);
  expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  expect((await store.counts()).queued).toBe(1);
});

test("a key is free again a day after it was bound, and not a second sooner", async () => {
  await using temp = await openTempStore();
  const { store } = temp;
  await store.createHen({ hen: sampleHen("ada"), manifestText: "", once: once("k1") });
  expect(await store.madeBy(once("k1"), at(DAY_SECS - 1))).toBe(henId("ada"));
  expect(await store.madeBy(once("k1", "b"), at(DAY_SECS))).toBeUndefined();
  const later = { ...sampleJob(1, "ada"), created_at: at(DAY_SECS) };
  await store.enqueue({ job: later, hen: IDLE, limits: NO_LIMITS, once: once("k1", "b") });
  expect(await store.madeBy(once("k1", "b"), at(DAY_SECS + 1))).toBe(jobId(1));
});

test("a farm that keeps the largest number of keys refuses one more, and takes requests without one", async () => {
  await using temp = await openTempStore();
  const { store } = temp;
  await store.createHen({ hen: sampleHen("ada"), manifestText: "", once: once("k1") });
  temp.tamper("INSERT INTO idempotency_keys (no, key, request, made, at_ms) VALUES (1000000, 'last', '', '', 0)");
  const job = { job: sampleJob(1, "ada"), hen: IDLE, limits: NO_LIMITS };
  expect((await refusal(store.enqueue({ ...job, once: once("k2") }))).code).toBe("limit_reached");
  await store.enqueue(job);
});
