import { CoopError } from "../errors/coop-error.ts";
import type { JobLimits } from "../job/limits.ts";
import type { LimitsSpec } from "../manifest/manifest.ts";
import type { WorstCase } from "../ports/brain-calls.ts";
import type { FarmLimits } from "./farm-limits.ts";

/** What is summed up for a ceiling: one job · one hen, ever · one hen in a day · the farm in a day. */
export type SpendScope = "job" | "hen" | "hen_day" | "farm_day";

/** One ceiling. */
export interface CeilingRule {
  /** As its setter knows it: `limits.day_cost_usd`, `farm day_tokens`. */
  readonly name: string;
  readonly scope: SpendScope;
  readonly unit: "tokens" | "usd_micros";
  readonly limit: number;
}

/** What a scope has spent, and what calls that others have under way may still spend. */
export interface ScopeSpend {
  readonly tokens: number;
  readonly usd_micros: number;
  readonly reserved_tokens: number;
  readonly reserved_usd_micros: number;
}

type Row = readonly [name: string, scope: SpendScope, limit: number | null | undefined];

/** Every ceiling that holds for a hen's job. */
export function ceilingRules(job: JobLimits, hen: LimitsSpec | null, farm: FarmLimits): readonly CeilingRule[] {
  const tokens: readonly Row[] = [
    ["limits.tokens", "job", job.tokens],
    ["farm job_tokens", "job", farm.job_tokens],
    ["limits.total_tokens", "hen", hen?.total_tokens],
    ["limits.day_tokens", "hen_day", hen?.day_tokens],
    ["farm hen_day_tokens", "hen_day", farm.hen_day_tokens],
    ["farm day_tokens", "farm_day", farm.day_tokens],
  ];
  const dollars: readonly Row[] = [
    ["limits.cost_usd", "job", job.cost_usd],
    ["farm job_cost_usd", "job", farm.job_cost_usd],
    ["limits.total_cost_usd", "hen", hen?.total_cost_usd],
    ["limits.day_cost_usd", "hen_day", hen?.day_cost_usd],
    ["farm hen_day_cost_usd", "hen_day", farm.hen_day_cost_usd],
    ["farm day_cost_usd", "farm_day", farm.day_cost_usd],
  ];
  return [
    ...tokens.flatMap(([name, scope, limit]) =>
      limit == null ? [] : [{ name, scope, unit: "tokens" as const, limit }],
    ),
    ...dollars.flatMap(([name, scope, limit]) =>
      // A hundredth of a cent is a whole number of millionths; what is finer than one is cut off, never added.
      limit == null ? [] : [{ name, scope, unit: "usd_micros" as const, limit: Math.floor(limit * 1e6 + 1e-3) }],
    ),
  ];
}

/**
 * Lets a call pass only when no ceiling can be passed by it, whatever it uses. An unknown price counts against tokens only.
 * @throws CoopError `limit_cost` naming the ceiling; `details.is_passing` when the call would fit once the calls that others
 * have under way have ended with less than their worst case
 */
export function refuseOverCeilings(
  rules: readonly CeilingRule[],
  spentIn: (scope: SpendScope) => ScopeSpend,
  worst: WorstCase,
): void {
  let passing: CoopError | undefined;
  for (const rule of rules) {
    const needed = rule.unit === "tokens" ? worst.input_tokens + worst.output_tokens : (worst.usd_micros ?? 0);
    const scope = spentIn(rule.scope);
    const spent = rule.unit === "tokens" ? scope.tokens : scope.usd_micros;
    const reserved = rule.unit === "tokens" ? scope.reserved_tokens : scope.reserved_usd_micros;
    if (needed === 0 || spent + reserved + needed <= rule.limit) continue;
    const isPassing = spent + needed <= rule.limit;
    const refusal = overCeiling(rule, { spent, reserved, needed, isPassing });
    if (!isPassing) throw refusal;
    passing ??= refusal;
  }
  if (passing !== undefined) throw passing;
}

/** True when waiting for others' calls to end may let the refused call pass. */
export function isPassingRefusal(error: CoopError): boolean {
  return error.code === "limit_cost" && error.details?.is_passing === true;
}

function overCeiling(
  { name, scope, unit, limit }: CeilingRule,
  sums: { readonly spent: number; readonly reserved: number; readonly needed: number; readonly isPassing: boolean },
): CoopError {
  const { spent, reserved, needed, isPassing } = sums;
  const show = (amount: number) => (unit === "tokens" ? `${amount} tokens` : dollars(amount));
  const others = reserved === 0 ? "" : `, calls under way may take ${show(reserved)}`;
  return new CoopError(
    "limit_cost",
    `stopped by ${name}: ${show(spent)} of ${show(limit)} are used${others}, and the next call may take ${show(needed)}`,
    {
      next: `${SCOPE_NEXT[scope]} ${name.startsWith("farm ") ? "The farm's ceilings: coop farm limits" : `The manifest sets ${name}.`}`,
      details: { ceiling: name, scope, unit, limit, spent, reserved, needed, is_passing: isPassing },
    },
  );
}

const SCOPE_NEXT: Readonly<Record<SpendScope, string>> = {
  job: "Raise the ceiling, or split the job.",
  hen: "Raise the ceiling, or create another hen.",
  hen_day: "Raise the ceiling, or submit it again tomorrow (UTC).",
  farm_day: "Raise the ceiling, or submit it again tomorrow (UTC).",
};

/** Whole cents where it is whole cents, else as many digits as a millionth has. */
function dollars(micros: number): string {
  return `$${micros % 10_000 === 0 ? (micros / 1e6).toFixed(2) : (micros / 1e6).toFixed(6).replace(/0+$/, "")}`;
}
