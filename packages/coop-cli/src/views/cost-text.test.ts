import { expect, test } from "bun:test";
import { NO_SPEND, toCostView } from "coopd-core";
import { toCostText, toDollars, toShortCost } from "./cost-text.ts";

const cost = (parts: Partial<typeof NO_SPEND>) => toCostView({ ...NO_SPEND, ...parts });

test("what cost something is never shown as nothing", () => {
  expect([0, 1, 100, 101, 1_234_567].map(toDollars)).toEqual(["$0.0000", "$0.0001", "$0.0001", "$0.0002", "$1.2346"]);
});

test("a price that is not known is said, beside what is known", () => {
  expect(toCostText(cost({ unpriced_tokens: 9 }))).toBe("unknown (9 tokens have no known price)");
  expect(toCostText(cost({ usd_micros: 100, unpriced_tokens: 9 }))).toBe(
    "$0.0001 + unknown (9 tokens have no known price)",
  );
  expect(
    [cost({ unpriced_tokens: 9 }), cost({ usd_micros: 100, unpriced_tokens: 9 }), cost({ usd_micros: 100 })].map(
      toShortCost,
    ),
  ).toEqual(["?", "$0.0001 + ?", "$0.0001"]);
});

test("calls whose end is not known are said, with the most that they can have cost", () => {
  expect(toCostText(cost({ usd_micros: 100, uncertain_tokens: 5, uncertain_usd_micros: 200 }))).toBe(
    "$0.0001, and at most $0.0002 for calls whose end is not known",
  );
  expect(toCostText(cost({ uncertain_tokens: 5 }))).toBe(
    "$0.0000, and at most 5 tokens for calls whose end is not known",
  );
});
