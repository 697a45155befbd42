import { expect, test } from "bun:test";
import { costOf, NO_PRICE, worstCostOf } from "./price.ts";
import { worstCaseOf } from "./worst-case.ts";

const SONNET = { input: 3, output: 15, cache_read: 0.3, cache_write: 3.75 };
const TIERED = { input: 0.1, output: 0.5, above: { input_tokens: 100_000, input: 0.5, output: 2.5 } };
const usage = (input: number, output: number, read = 0, write = 0) => ({
  input_tokens: input,
  output_tokens: output,
  cache_tokens: read,
  cache_write_tokens: write,
});

test("each kind of token has its rate, and a call costs whole millionths, rounded up", () => {
  expect(costOf(usage(1_000, 100), SONNET)).toBe(4_500);
  expect(costOf(usage(0, 0, 1_000, 1_000), SONNET)).toBe(4_050);
  expect(costOf(usage(1, 0, 1), { ...SONNET, input: 0.1 })).toBe(1);
  expect(costOf(usage(3, 0), { input: 0.1, output: 1 })).toBe(1);
  expect(costOf(usage(30, 0), { input: 0.1, output: 1 })).toBe(3); // 30 × 0.1 is 3.0000000000000004 in binary
  expect(costOf(usage(1e9, 1e9, 1e9, 1e9), NO_PRICE)).toBe(0);
});

test("what a cache costs is taken for plain input where nobody says it, which is never less", () => {
  expect(costOf(usage(0, 0, 1_000, 1_000), { input: 2, output: 10 })).toBe(4_000);
});

test("a long request has other rates, by all kinds of its input together", () => {
  expect(costOf(usage(100_000, 0), TIERED)).toBe(10_000);
  expect(costOf(usage(100_001, 0), TIERED)).toBe(50_001);
  expect(costOf(usage(1, 100, 100_000), TIERED)).toBe(50_001 + 250);
});

test("the worst cost is never less than what any usage within it costs", () => {
  for (const price of [SONNET, TIERED, { input: 1, output: 2, cache_write: 9 }]) {
    for (const [input, output] of [
      [10, 10],
      [100_000, 4_096],
      [100_001, 1],
      [150_000, 0],
    ] as const) {
      const most = worstCostOf({ input, output }, price);
      for (const share of [0, 0.3, 1]) {
        const part = Math.floor(input * share);
        for (const spent of [
          usage(input - part, output, part),
          usage(input - part, output, 0, part),
          usage(part, output),
        ])
          expect(costOf(spent, price)).toBeLessThanOrEqual(most);
      }
    }
  }
});

test("a request has no more tokens than bytes, and behind a counted call only what was added is taken by bytes", () => {
  const size = { requestBytes: 5_000, maxTokens: 100, prior: undefined, contextWindow: undefined, price: SONNET };
  expect(worstCaseOf(size)).toEqual({ input_tokens: 5_000, output_tokens: 100, usd_micros: 5_000 * 3.75 + 1_500 });
  const prior = { provider: "anthropic", model: "m", request_bytes: 4_000, input_tokens: 900 } as const;
  expect(worstCaseOf({ ...size, prior }).input_tokens).toBe(900 + 1_000);
  expect(worstCaseOf({ ...size, prior: { ...prior, request_bytes: 6_000 } }).input_tokens).toBe(5_000);
  expect(worstCaseOf({ ...size, contextWindow: 2_000 }).input_tokens).toBe(2_000);
  expect(worstCaseOf({ ...size, price: undefined }).usd_micros).toBeNull();
});
