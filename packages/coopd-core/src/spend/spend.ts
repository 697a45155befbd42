import type { BrainUsage } from "../ports/brain.ts";

/**
 * What model calls have used, summed. The kinds of input exclude each other. Money is in millionths of a US dollar, always
 * a whole number, rounded up call by call.
 */
export interface Spend {
  /** Calls that were answered by a model. */
  readonly calls: number;
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly cache_tokens: number;
  readonly cache_write_tokens: number;
  /** What the calls with a known price cost. */
  readonly usd_micros: number;
  /** Tokens of calls whose price is unknown: as long as there are some, the cost of the whole is unknown. */
  readonly unpriced_tokens: number;
  /** At most so many more: calls whose end nobody knows, and those that a server did not count. */
  readonly uncertain_tokens: number;
  readonly uncertain_usd_micros: number;
}

/** Nothing. */
export const NO_SPEND: Spend = {
  calls: 0,
  input_tokens: 0,
  output_tokens: 0,
  cache_tokens: 0,
  cache_write_tokens: 0,
  usd_micros: 0,
  unpriced_tokens: 0,
  uncertain_tokens: 0,
  uncertain_usd_micros: 0,
};

/** The names of all the sums, for those that handle them alike. */
export const SPEND_FIELDS = Object.keys(NO_SPEND) as readonly (keyof Spend)[];

/** The sum, field by field. */
export function addSpend(a: Spend, b: Spend): Spend {
  return Object.fromEntries(SPEND_FIELDS.map((field) => [field, a[field] + b[field]])) as unknown as Spend;
}

/** Every token that was or may have been used: what ceilings on tokens count. */
export function tokensOf(spend: Spend): number {
  return usedTokens(spend) + spend.uncertain_tokens;
}

/** All kinds of input together. */
export function inputOf(usage: BrainUsage): number {
  return usage.input_tokens + usage.cache_tokens + (usage.cache_write_tokens ?? 0);
}

/** Input of all kinds and output together: what was used for certain. */
export function usedTokens(usage: BrainUsage): number {
  return inputOf(usage) + usage.output_tokens;
}

/** Every millionth of a dollar that was or may have been spent, as far as prices are known: what ceilings on cost count. */
export function microsOf(spend: Spend): number {
  return spend.usd_micros + spend.uncertain_usd_micros;
}

/** What jobs that were handed on have used, lost calls at their worst case. */
export interface HandedSpend {
  readonly tokens: number;
  readonly usd_micros: number;
}

/** Cost as the wire has it: an unknown price makes it null, never 0. */
export interface CostView {
  readonly usd_micros: number | null;
  /** The part that is known; the whole where `usd_micros` is not null. */
  readonly known_usd_micros: number;
  readonly unpriced_tokens: number;
  readonly uncertain_tokens: number;
  readonly uncertain_usd_micros: number;
}

/** A sum as the wire has it. */
export interface SpendView {
  readonly calls: number;
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly cache_tokens: number;
  readonly cache_write_tokens: number;
  readonly cost: CostView;
}

/** The cost of a sum. */
export function toCostView(spend: Omit<Spend, "calls" | keyof BrainUsage>): CostView {
  const { usd_micros, unpriced_tokens, uncertain_tokens, uncertain_usd_micros } = spend;
  return {
    usd_micros: unpriced_tokens > 0 ? null : usd_micros,
    known_usd_micros: usd_micros,
    unpriced_tokens,
    uncertain_tokens,
    uncertain_usd_micros,
  };
}

/** The sum for the wire. */
export function toSpendView(spend: Spend): SpendView {
  const { calls, input_tokens, output_tokens, cache_tokens, cache_write_tokens } = spend;
  return { calls, input_tokens, output_tokens, cache_tokens, cache_write_tokens, cost: toCostView(spend) };
}
