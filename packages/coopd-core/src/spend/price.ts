import type { BrainUsage } from "../ports/brain.ts";
import { inputOf } from "./spend.ts";

/** US dollars for a million tokens, which are millionths of a dollar for one. */
export interface TokenRates {
  readonly input: number;
  readonly output: number;
  /** Absent where it is not known: then they are taken for plain input, which is never less. */
  readonly cache_read?: number | undefined;
  /** Absent where writing costs what reading does. */
  readonly cache_write?: number | undefined;
}

/** What a model costs. */
export interface ModelPrice extends TokenRates {
  /** The rates of a call with more input than this, all kinds together. */
  readonly above?: (TokenRates & { readonly input_tokens: number }) | undefined;
}

/** What nobody asks money for: what runs in the daemon itself. */
export const NO_PRICE: ModelPrice = { input: 0, output: 0, cache_read: 0, cache_write: 0 };

/** What a call cost, in whole millionths of a dollar, rounded up. */
export function costOf(usage: BrainUsage, price: ModelPrice): number {
  const rates = ratesFor(inputOf(usage), price);
  return roundUp(
    usage.input_tokens * rates.input +
      usage.cache_tokens * (rates.cache_read ?? rates.input) +
      (usage.cache_write_tokens ?? 0) * (rates.cache_write ?? rates.input) +
      usage.output_tokens * rates.output,
  );
}

/** The most that so many tokens can cost, whatever kind of input they turn out to be. */
export function worstCostOf(tokens: { readonly input: number; readonly output: number }, price: ModelPrice): number {
  const { above } = price;
  const tiers = above !== undefined && tokens.input > above.input_tokens ? [price, above] : [price];
  const input = Math.max(...tiers.flatMap((rates) => [rates.input, rates.cache_read ?? 0, rates.cache_write ?? 0]));
  const output = Math.max(...tiers.map((rates) => rates.output));
  return roundUp(tokens.input * input + tokens.output * output);
}

function ratesFor(inputTokens: number, price: ModelPrice): TokenRates {
  const { above } = price;
  return above !== undefined && inputTokens > above.input_tokens ? above : price;
}

/** A product such as 3 × 0.1 is a hair above its true value in binary, which must not cost a whole millionth more. */
function roundUp(micros: number): number {
  return Math.ceil(Number(micros.toPrecision(12)));
}
