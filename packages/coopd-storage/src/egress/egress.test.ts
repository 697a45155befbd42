import { expect, test } from "bun:test";
import { EGRESS_ROWS_MAX, type PruneRules, toInstant } from "coopd-core";
import { sampleEgress, toFact } from "../testing/sample-egress.ts";
import { at, henId, jobId, sampleHen } from "../testing/samples.ts";
import { openTempStore } from "../testing/temp-store.ts";

const ADA = henId("ada");
const BOB = henId("bob");

async function openWithHens() {
  const temp = await openTempStore();
  for (const name of ["ada", "bob"]) await temp.store.createHen({ hen: sampleHen(name), manifestText: "" });
  return temp;
}

test("of a hen that is not there nothing is kept or told, and the others' rows are", async () => {
  await using temp = await openWithHens();
  const { store } = temp;
  const entries = [sampleEgress(henId("nobody")), sampleEgress(ADA)];
  await store.recordEgress({ entries, facts: entries.map(toFact), at: at(1) });
  expect(await store.egress(henId("nobody"), {}, { limit: 10 })).toEqual([]);
  expect(await store.egress(ADA, {}, { limit: 10 })).toHaveLength(1);
  expect(temp.events.filter(({ type }) => type === "egress_denied")).toEqual([
    { ...toFact(sampleEgress(ADA)), seq: 3, at: at(1) },
  ]);
});

test("rows are numbered for each hen, listed from either end, and filtered by verdict and job", async () => {
  await using temp = await openWithHens();
  const { store } = temp;
  const allowed = { verdict: "allowed", code: null, reason: null, allow: null, next: null } as const;
  const entries = [
    sampleEgress(ADA, { host: "a" }),
    sampleEgress(BOB, { host: "x" }),
    sampleEgress(ADA, { host: "b", ...allowed, job_id: jobId(1) }),
    sampleEgress(ADA, { host: "c", job_id: jobId(1) }),
  ];
  await store.recordEgress({ entries, facts: [], at: at(1) });
  await store.recordEgress({ entries: [sampleEgress(ADA, { host: "d" })], facts: [], at: at(2) });
  const list = async (...args: Parameters<typeof store.egress> extends [unknown, ...infer Rest] ? Rest : never) =>
    (await store.egress(ADA, ...args)).map(({ seq, host }) => `${seq}${host}`);
  expect(await list({}, { limit: 10 })).toEqual(["1a", "2b", "3c", "4d"]);
  expect(await list({}, { limit: 2, after: 1 })).toEqual(["2b", "3c"]);
  expect(await list({ order: "desc" }, { limit: 2 })).toEqual(["4d", "3c"]);
  expect(await list({ order: "desc" }, { limit: 9, after: 3 })).toEqual(["2b", "1a"]);
  expect(await list({ verdict: "denied" }, { limit: 10 })).toEqual(["1a", "3c", "4d"]);
  expect(await list({ verdict: "allowed" }, { limit: 10 })).toEqual(["2b"]);
  expect(await list({ jobId: jobId(1) }, { limit: 10 })).toEqual(["2b", "3c"]);
  expect(await list({ jobId: jobId(1), verdict: "denied" }, { limit: 10 })).toEqual(["3c"]);
  expect((await store.egress(BOB, {}, { limit: 10 }))[0]).toEqual({ ...sampleEgress(BOB, { host: "x" }), seq: 1 });
});

test("beyond its bound a log loses its oldest rows, and numbers go on when all are gone", async () => {
  await using temp = await openWithHens();
  const { store } = temp;
  const many = Array.from({ length: 2_500 }, () => sampleEgress(ADA));
  for (let n = 0; n < 5; n += 1) await store.recordEgress({ entries: many, facts: [], at: at(n) });
  expect((await store.inspect()).rows.egress).toBe(EGRESS_ROWS_MAX);
  expect((await store.egress(ADA, {}, { limit: 1 }))[0]?.seq).toBe(2_501);
  const rules: PruneRules = { at: at(40 * 86_400), eventsMs: 1e12, eventsMax: 1e9, egressMs: 30 * 86_400_000 };
  let gone = 0;
  for (let isDone = false; !isDone; ) {
    const batch = await store.prune(rules);
    expect(batch.egress).toBeLessThanOrEqual(500);
    gone += batch.egress;
    isDone = batch.isDone;
  }
  expect(gone).toBe(EGRESS_ROWS_MAX);
  await temp.reopen();
  await temp.store.recordEgress({ entries: [sampleEgress(ADA)], facts: [], at: at(1) });
  expect((await temp.store.egress(ADA, {}, { limit: 9 })).map(({ seq }) => seq)).toEqual([12_501]);
  expect(await temp.store.findFaults()).toEqual([]);
});

test("a row goes by its own age, to the millisecond, and with its hen", async () => {
  await using temp = await openWithHens();
  const { store } = temp;
  const start = Date.UTC(2026, 0, 1);
  const entries = [0, 1, 2].map((ms) => sampleEgress(ADA, { at: toInstant(start + ms) }));
  await store.recordEgress({ entries, facts: [], at: at(0) });
  const rules = { at: toInstant(start + 1_001), eventsMs: 1e12, eventsMax: 1e9, egressMs: 1_000 };
  expect((await store.prune(rules)).egress).toBe(1);
  await store.deleteHen(ADA, at(1));
  expect((await store.inspect()).rows.egress).toBe(0);
});

test("a damaged row is set aside and the page goes on behind it", async () => {
  await using temp = await openWithHens();
  const { store } = temp;
  await store.recordEgress({ entries: [1, 2, 3].map((port) => sampleEgress(ADA, { port })), facts: [], at: at(0) });
  temp.tamper("UPDATE egress SET body = '{' WHERE seq = 1");
  temp.tamper("UPDATE egress SET body = json_set(body, '$.hen_id', 'local.coop/bob') WHERE seq = 2");
  expect((await store.egress(ADA, {}, { limit: 1 })).map(({ port }) => port)).toEqual([3]);
  await store.putSetting("a", "b");
  expect((await store.quarantined()).map(({ table, key }) => `${table} ${key}`).sort()).toEqual([
    "egress local.coop/ada:1",
    "egress local.coop/ada:2",
  ]);
  expect((await store.inspect()).rows.egress).toBe(1);
});
