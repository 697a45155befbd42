import { describe, expect, test } from "bun:test";
import { CoopError } from "../errors/coop-error.ts";
import { jobLimits } from "../job/limits.ts";
import type { WorstCase } from "../ports/brain-calls.ts";
import { ceilingRules, isPassingRefusal, refuseOverCeilings, type ScopeSpend, type SpendScope } from "./ceilings.ts";
import { NO_FARM_LIMITS } from "./farm-limits.ts";

const NOTHING: ScopeSpend = { tokens: 0, usd_micros: 0, reserved_tokens: 0, reserved_usd_micros: 0 };
const worst = (input: number, output: number, usd_micros: number | null): WorstCase => ({
  input_tokens: input,
  output_tokens: output,
  usd_micros,
});

function refusalOf(
  rules: Parameters<typeof refuseOverCeilings>[0],
  spent: Partial<Record<SpendScope, Partial<ScopeSpend>>>,
  call: WorstCase,
): CoopError | undefined {
  try {
    refuseOverCeilings(rules, (scope) => ({ ...NOTHING, ...spent[scope] }), call);
    return undefined;
  } catch (error) {
    if (error instanceof CoopError) return error;
    throw error;
  }
}

describe("a call is refused", () => {
  const tokens = [{ name: "limits.tokens", scope: "job", unit: "tokens", limit: 1_000 }] as const;
  const dollars = [{ name: "limits.cost_usd", scope: "job", unit: "usd_micros", limit: 500_000 }] as const;

  test("by its worst case, to the token, and the refusal names the ceiling", () => {
    expect(refusalOf(tokens, { job: { tokens: 600 } }, worst(300, 100, null))).toBeUndefined();
    const refusal = refusalOf(tokens, { job: { tokens: 601 } }, worst(300, 100, null));
    expect(refusal?.code).toBe("limit_cost");
    expect(refusal?.message).toBe(
      "stopped by limits.tokens: 601 tokens of 1000 tokens are used, and the next call may take 400 tokens",
    );
    expect(refusal?.details).toMatchObject({ ceiling: "limits.tokens", limit: 1_000, needed: 400, is_passing: false });
  });

  test("by cost to the millionth of a dollar", () => {
    expect(refusalOf(dollars, { job: { usd_micros: 400_000 } }, worst(1, 1, 100_000))).toBeUndefined();
    const refusal = refusalOf(dollars, { job: { usd_micros: 400_000 } }, worst(1, 1, 100_001));
    expect(refusal?.message).toBe(
      "stopped by limits.cost_usd: $0.40 of $0.50 are used, and the next call may take $0.100001",
    );
  });

  test("never by cost where the price is unknown: then only tokens count", () => {
    expect(refusalOf(dollars, { job: { usd_micros: 499_999 } }, worst(1e9, 1e9, null))).toBeUndefined();
    expect(refusalOf([...dollars, ...tokens], {}, worst(900, 101, null))?.details?.ceiling).toBe("limits.tokens");
  });

  test("for now, where only what others have under way stands against it", () => {
    const day = [{ name: "farm day_tokens", scope: "farm_day", unit: "tokens", limit: 1_000 }] as const;
    const passing = refusalOf(day, { farm_day: { tokens: 100, reserved_tokens: 600 } }, worst(300, 100, null));
    expect(passing && isPassingRefusal(passing)).toBe(true);
    const final = refusalOf(day, { farm_day: { tokens: 601, reserved_tokens: 600 } }, worst(300, 100, null));
    expect(final && isPassingRefusal(final)).toBe(false);
  });

  test("for good, where one ceiling is passed for good and another only for now", () => {
    const rules = [{ name: "a", scope: "farm_day", unit: "tokens", limit: 1_000 } as const, ...tokens];
    const refusal = refusalOf(rules, { farm_day: { reserved_tokens: 900 }, job: { tokens: 900 } }, worst(200, 0, null));
    expect(refusal?.details).toMatchObject({ ceiling: "limits.tokens", is_passing: false });
  });
});

test("every ceiling that is set holds, in the scope that its name says, and none that is not", () => {
  expect(ceilingRules(jobLimits(null), null, NO_FARM_LIMITS)).toEqual([]);
  const hen = {
    max_turns: null,
    wall_secs: null,
    output_tokens: null,
    tokens: 1,
    cost_usd: 0.000001,
    day_tokens: 2,
    day_cost_usd: 0.1,
    total_tokens: 3,
    total_cost_usd: 0.3,
  };
  const farm = {
    job_tokens: 4,
    job_cost_usd: 0.4,
    hen_day_tokens: 5,
    hen_day_cost_usd: 0.5,
    day_tokens: 6,
    day_cost_usd: 1.1,
  };
  const rows = ceilingRules(jobLimits(hen), hen, farm).map(({ name, scope, unit, limit }) => [
    name,
    scope,
    unit,
    limit,
  ]);
  expect(rows).toEqual([
    ["limits.tokens", "job", "tokens", 1],
    ["farm job_tokens", "job", "tokens", 4],
    ["limits.total_tokens", "hen", "tokens", 3],
    ["limits.day_tokens", "hen_day", "tokens", 2],
    ["farm hen_day_tokens", "hen_day", "tokens", 5],
    ["farm day_tokens", "farm_day", "tokens", 6],
    ["limits.cost_usd", "job", "usd_micros", 1],
    ["farm job_cost_usd", "job", "usd_micros", 400_000],
    ["limits.total_cost_usd", "hen", "usd_micros", 300_000],
    ["limits.day_cost_usd", "hen_day", "usd_micros", 100_000],
    ["farm hen_day_cost_usd", "hen_day", "usd_micros", 500_000],
    ["farm day_cost_usd", "farm_day", "usd_micros", 1_100_000],
  ]);
});

test("a manifest of before there were ceilings of days has none", () => {
  const old = { max_turns: 3, wall_secs: null, output_tokens: null, tokens: null, cost_usd: null } as never;
  expect(ceilingRules(jobLimits(old), old, NO_FARM_LIMITS)).toEqual([]);
});
