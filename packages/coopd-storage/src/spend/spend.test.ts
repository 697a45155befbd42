import { describe, expect, test } from "bun:test";
import { type CallPlan, type CeilingRule, type HenId, type Instant, type JournalFact, NO_SPEND } from "coopd-core";
import { at, henId, jobId, NO_LIMITS, sampleHen, sampleJob, settlement } from "../testing/samples.ts";
import { openTempStore, refusal, type TempStore } from "../testing/temp-store.ts";

const DAY_1 = 20_453; // 2025-12-31
const DAY_2 = DAY_1 + 1;
const on = (day: number, hour = 12) => new Date(day * 86_400_000 + hour * 3_600_000).toISOString() as Instant;

const plan = (tokens: number, usd_micros: number | null = null): CallPlan => ({
  provider: "anthropic",
  model: "m",
  request_bytes: 10,
  worst: { input_tokens: tokens, output_tokens: 0, usd_micros },
});
const request = (tokens: number, micros: number | null = null): JournalFact => ({
  kind: "brain.request",
  turn: 1,
  sha256: "",
  call: plan(tokens, micros),
});
const answer = (tokens: number, micros: number | null = null): JournalFact => ({
  kind: "brain.response",
  turn: 1,
  content: [],
  usage: { input_tokens: tokens, output_tokens: 0, cache_tokens: 0 },
  finish_reason: "end_turn",
  latency_ms: 1,
  call: { provider: "anthropic", model: "m", usd_micros: micros },
});
const dayRule = (limit: number): CeilingRule => ({ name: "farm day_tokens", scope: "farm_day", unit: "tokens", limit });

/** Hens with one claimed job each: ada has job 1, bob has job 2, and so on. */
async function openBusy(...names: readonly string[]): Promise<TempStore> {
  const temp = await openTempStore();
  for (const [index, name] of names.entries()) {
    await temp.store.createHen({ hen: sampleHen(name), manifestText: "" });
    const hen = { from: ["IDLE", "WORKING"], moves: [] } as const;
    await temp.store.enqueue({ job: sampleJob(index + 1, name), hen, limits: NO_LIMITS });
  }
  await temp.store.claim({ count: names.length, at: at(1) });
  return temp;
}

function append(
  temp: TempStore,
  n: number,
  facts: readonly JournalFact[],
  when: Instant,
  rules?: readonly CeilingRule[],
) {
  const entry = { jobId: jobId(n), epoch: 1, at: when, facts };
  return temp.store.append({ ...entry, ...(rules === undefined ? {} : { rules }) });
}

const totalOf = async (temp: TempStore, id: HenId, day = DAY_1) => temp.store.henSpend(id, day);

describe("a call is refused", () => {
  test("when it could pass a ceiling, and nothing of what came with it is written", async () => {
    await using temp = await openBusy("ada");
    const facts: readonly JournalFact[] = [{ kind: "note", text: "first" }, request(101)];
    const no = await refusal(append(temp, 1, facts, on(DAY_1), [dayRule(100)]));
    expect([no.code, no.details?.ceiling]).toEqual(["limit_cost", "farm day_tokens"]);
    expect(await temp.store.journal(jobId(1), { after: 0, limit: 10 })).toEqual([]);
    expect(await temp.store.findFaults()).toEqual([]);
  });

  test("while others have reserved what it needs; two calls of one commit never both pass where one fits", async () => {
    await using temp = await openBusy("ada", "bob", "cleo");
    const calls = [1, 2, 3].map((n) => append(temp, n, [request(40)], on(DAY_1), [dayRule(100)]));
    const outcomes = await Promise.allSettled(calls);
    expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "fulfilled", "rejected"]);
    const no = await refusal(append(temp, 3, [request(40)], on(DAY_1), [dayRule(100)]));
    expect(no.details).toMatchObject({ spent: 0, reserved: 80, needed: 40, is_passing: true });
    await append(temp, 1, [answer(5)], on(DAY_1));
    await append(temp, 3, [request(40)], on(DAY_1), [dayRule(100)]);
  });

  test("by its hen's day, by its hen's life and by the farm's day, each with its own sum", async () => {
    await using temp = await openBusy("ada", "bob");
    await append(temp, 1, [request(60), answer(60)], on(DAY_1));
    const rule = (scope: CeilingRule["scope"]): CeilingRule => ({ name: scope, scope, unit: "tokens", limit: 100 });
    const tryOf = async (n: number, scope: CeilingRule["scope"], day: number) =>
      append(temp, n, [request(50)], on(day), [rule(scope)]).then(
        async () => {
          await append(temp, n, [{ ...failed }], on(day));
          return "passes";
        },
        (error) => error.code,
      );
    expect(await tryOf(1, "hen_day", DAY_1)).toBe("limit_cost");
    expect(await tryOf(1, "hen_day", DAY_2)).toBe("passes");
    expect(await tryOf(1, "hen", DAY_2)).toBe("limit_cost");
    expect(await tryOf(2, "hen", DAY_1)).toBe("passes");
    expect(await tryOf(2, "farm_day", DAY_1)).toBe("limit_cost");
    expect(await tryOf(2, "farm_day", DAY_2)).toBe("passes");
  });

  const failed: JournalFact = {
    kind: "brain.failed",
    turn: 1,
    provider: "anthropic",
    model: "m",
    error_code: "brain_overloaded",
    error: "",
    may_be_charged: false,
  };

  test("of a hen that is not there", async () => {
    await using temp = await openBusy();
    const call = { id: "c", henId: henId("nobody"), at: on(DAY_1), plan: plan(1), rules: [] };
    expect((await refusal(temp.store.beginCall(call))).code).toBe("hen_not_found");
  });
});

test("a job, its hen and the day hold the same sums, and a call counts on the day that it was begun", async () => {
  await using temp = await openBusy("ada");
  await append(temp, 1, [request(100, 900)], on(DAY_1, 23));
  await append(temp, 1, [answer(30, 90), request(100, 900)], on(DAY_2, 0));
  expect(await totalOf(temp, henId("ada"))).toEqual({
    total: { ...NO_SPEND, calls: 1, input_tokens: 30, usd_micros: 90 },
    day: { ...NO_SPEND, calls: 1, input_tokens: 30, usd_micros: 90 },
  });
  await append(temp, 1, [answer(10, null)], on(DAY_2, 1));
  const job = await temp.store.settle({
    jobId: jobId(1),
    epoch: 1,
    at: on(DAY_2, 2),
    facts: [],
    settlement: settlement(1),
  });
  expect(job.cost).toMatchObject({ usd_micros: null, known_usd_micros: 90, unpriced_tokens: 10 });
  const byDay = await temp.store.usage({ by: "day", since: DAY_1, until: DAY_2 });
  expect(byDay.map(({ key, spend }) => [key, spend.calls, spend.usd_micros, spend.unpriced_tokens])).toEqual([
    [String(DAY_1), 1, 90, 0],
    [String(DAY_2), 1, 0, 10],
  ]);
  expect((await temp.store.usage({ by: "model", since: DAY_1, until: DAY_2 })).map(({ key }) => key)).toEqual([
    "anthropic m",
  ]);
  expect(await temp.store.usage({ by: "hen", since: DAY_1, until: DAY_2, henId: henId("bob") })).toEqual([]);
  expect(await temp.store.findFaults()).toEqual([]);
});

test("a daemon that dies in a call leaves it charged at its worst case, once, on its day", async () => {
  await using temp = await openBusy("ada");
  await append(temp, 1, [request(100, 900)], on(DAY_1));
  await temp.store.beginCall({ id: "c", henId: henId("ada"), at: on(DAY_1), plan: plan(7, null), rules: [] });
  await temp.reopen();
  const [claim] = await temp.store.takeOver(on(DAY_2));
  expect(claim?.job.cost).toMatchObject({ usd_micros: 0, uncertain_tokens: 100, uncertain_usd_micros: 900 });
  await temp.store.append({ jobId: jobId(1), epoch: 2, at: on(DAY_2), facts: [request(50, 5), answer(50, 5)] });
  const { total, day } = await totalOf(temp, henId("ada"));
  expect(day).toEqual({ ...NO_SPEND, uncertain_tokens: 107, uncertain_usd_micros: 900, unpriced_tokens: 7 });
  expect(total).toMatchObject({ calls: 1, usd_micros: 5, uncertain_tokens: 107 });
  expect(await temp.store.findFaults()).toEqual([]);
});

test("a job that is parked in a call gives it up, and holds nobody else back", async () => {
  await using temp = await openBusy("ada", "bob");
  await append(temp, 1, [request(80)], on(DAY_1), [dayRule(100)]);
  await temp.store.park({ jobId: jobId(1), epoch: 1, at: on(DAY_1), facts: [], needs: "vault" });
  const no = await refusal(append(temp, 2, [request(40)], on(DAY_1), [dayRule(100)]));
  expect(no.details).toMatchObject({ spent: 80, reserved: 0, is_passing: false });
  expect(await temp.store.findFaults()).toEqual([]);
});

test("a hen that is deleted leaves what it cost in the farm's days, and none of it to another of its name", async () => {
  await using temp = await openBusy("ada");
  await append(temp, 1, [request(60), answer(60, 7)], on(DAY_1));
  await temp.store.settle({ jobId: jobId(1), epoch: 1, at: on(DAY_1), facts: [], settlement: settlement(1) });
  await temp.store.beginCall({ id: "c", henId: henId("ada"), at: on(DAY_1), plan: plan(5, 3), rules: [] });
  await temp.store.deleteHen(henId("ada"), on(DAY_1));
  await temp.store.createHen({ hen: sampleHen("ada"), manifestText: "" });
  await temp.store.endCall({ id: "c", henId: henId("ada"), fact: answer(5, 1) });
  expect((await totalOf(temp, henId("ada"))).total).toEqual(NO_SPEND);
  const [row, ...more] = await temp.store.usage({ by: "hen", since: DAY_1, until: DAY_1 });
  expect([row?.key, row?.spend.usd_micros, row?.spend.uncertain_usd_micros, more.length]).toEqual(["", 7, 3, 0]);
});

test("a call that belongs to no job is reserved and charged like any other", async () => {
  await using temp = await openBusy("ada");
  const call = { henId: henId("ada"), at: on(DAY_1), plan: plan(60), rules: [dayRule(100)] };
  await temp.store.beginCall({ ...call, id: "a" });
  expect((await refusal(temp.store.beginCall({ ...call, id: "b" }))).details?.is_passing).toBe(true);
  await temp.store.endCall({ id: "a", henId: henId("ada"), fact: answer(30, 4) });
  await temp.store.endCall({ id: "a", henId: henId("ada"), fact: answer(30, 4) });
  expect((await totalOf(temp, henId("ada"))).total).toMatchObject({ calls: 1, input_tokens: 30, usd_micros: 4 });
  await temp.store.beginCall({ ...call, id: "c" });
});

test("what jobs that were handed on have used stands in the job that handed them on", async () => {
  await using temp = await openBusy("ada");
  const child = { kind: "child.result", turn: 1, call_id: "c", job_id: jobId(9), status: "DONE" } as const;
  await append(temp, 1, [{ ...child, spent: { tokens: 12, usd_micros: 34 } }, child], on(DAY_1));
  expect((await temp.store.job(jobId(1)))?.cost).toMatchObject({ handed_tokens: 12, handed_usd_micros: 34 });
  expect((await totalOf(temp, henId("ada"))).total).toEqual(NO_SPEND);
});
