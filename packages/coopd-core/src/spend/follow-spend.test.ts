import { expect, test } from "bun:test";
import type { JobId } from "../ids/brand.ts";
import type { JournalFact } from "../job/journal.ts";
import { spendOf } from "./follow-spend.ts";
import { journalSpent, lastTextOf, priorCallOf } from "./read-journal.ts";
import { NO_SPEND, toCostView, tokensOf } from "./spend.ts";

const worst = { input_tokens: 100, output_tokens: 50, usd_micros: 700 };
const plan = { provider: "anthropic", model: "m", request_bytes: 400, worst } as const;
const request: JournalFact = { kind: "brain.request", turn: 1, sha256: "", call: plan };
const usage = { input_tokens: 30, output_tokens: 5, cache_tokens: 2, cache_write_tokens: 1 };
const answer = { kind: "brain.response", turn: 1, content: [], finish_reason: "end_turn", latency_ms: 1 } as const;
const priced: JournalFact = { ...answer, usage, call: { provider: "anthropic", model: "m", usd_micros: 90 } };
const failed = (may_be_charged: boolean): JournalFact => ({
  kind: "brain.failed",
  turn: 1,
  provider: "anthropic",
  model: "m",
  error_code: "brain_unavailable",
  error: "",
  may_be_charged,
});
const LOST = { uncertain_tokens: 150, uncertain_usd_micros: 700 };

test("an answer counts as what it used, and an unknown price makes the cost unknown, never 0", () => {
  expect(spendOf([request, priced])).toEqual({ ...NO_SPEND, calls: 1, ...usage, usd_micros: 90 });
  const unpriced = spendOf([request, { ...priced, call: { provider: "openai-compat", model: "m", usd_micros: null } }]);
  expect(toCostView(unpriced)).toMatchObject({ usd_micros: null, known_usd_micros: 0, unpriced_tokens: 38 });
  const both = { ...unpriced, usd_micros: 90 };
  expect(toCostView(both)).toMatchObject({ usd_micros: null, known_usd_micros: 90 });
});

test("answers of before calls were priced have an unknown cost", () => {
  const { call: _, ...old } = priced as Extract<JournalFact, { kind: "brain.response" }>;
  const { call: __, ...asked } = request as Extract<JournalFact, { kind: "brain.request" }>;
  expect(spendOf([asked, old])).toMatchObject({ calls: 1, usd_micros: 0, unpriced_tokens: 38, uncertain_tokens: 0 });
});

test("a call whose end nobody knows counts at its worst case: cut off, asked again, given up, or answered by nobody", () => {
  expect(spendOf([request])).toMatchObject(LOST);
  expect(spendOf([request, request, priced])).toMatchObject({ ...LOST, calls: 1, usd_micros: 90 });
  expect(spendOf([request, failed(true)])).toMatchObject(LOST);
  expect(
    spendOf([request, { kind: "settled", status: "FAILED", result: null, error: "", error_code: null }]),
  ).toMatchObject(LOST);
  const cached: JournalFact = {
    ...answer,
    usage: { ...usage },
    call: { provider: "anthropic", model: "m", usd_micros: 0, cached: true },
  };
  expect(spendOf([request, cached])).toMatchObject({ ...LOST, calls: 0 });
});

test("a provider that said no before it worked, and the farm's own cache, cost nothing", () => {
  expect(spendOf([request, failed(false)])).toEqual(NO_SPEND);
  const cached: JournalFact = {
    ...answer,
    usage,
    call: { provider: "anthropic", model: "m", usd_micros: 0, cached: true },
  };
  expect(spendOf([cached])).toEqual(NO_SPEND);
});

test("what a server did not count is counted as the most that it can have been", () => {
  const zero = { input_tokens: 0, output_tokens: 0, cache_tokens: 0, unreported: true } as const;
  const call = { provider: "openai-compat", model: "m", usd_micros: null, at_most: { tokens: 120, usd_micros: null } };
  const spend = spendOf([request, { ...answer, usage: zero, call }]);
  expect([tokensOf(spend), toCostView(spend).usd_micros]).toEqual([120, null]);
});

test("what a job handed on counts against it too", () => {
  const handed = { kind: "child.result", turn: 1, call_id: "c", job_id: "j" as JobId, status: "DONE" } as const;
  expect(journalSpent([request, priced, { ...handed, spent: { tokens: 10, usd_micros: 7 } }, handed])).toEqual({
    tokens: 38 + 10,
    usd_micros: 97,
  });
});

test("the next worst case begins with the last input that a provider counted", () => {
  expect(priorCallOf([])).toBeUndefined();
  expect(priorCallOf([request])).toBeUndefined();
  const known = { provider: "anthropic", model: "m", request_bytes: 400, input_tokens: 33 } as const;
  expect(priorCallOf([request, priced])).toEqual(known);
  const zero = { input_tokens: 0, output_tokens: 0, cache_tokens: 0, unreported: true } as const;
  expect(priorCallOf([request, priced, request, { ...answer, usage: zero }])).toEqual(known);
});

test("a stopped job keeps the last text that its brain said", () => {
  const says = (text: string): JournalFact => ({ ...answer, usage, content: [{ type: "text", text }] });
  expect(lastTextOf([])).toBeUndefined();
  expect(lastTextOf([says("one"), says("two"), says(" ")])).toBe("two");
});
