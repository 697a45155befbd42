import { NO_FARM_LIMITS, USAGE_GROUPS } from "coopd-core";
import { henId, list, orNull, record, ref, type Schema, text, whole } from "./schema-shapes.ts";

const number: Schema = { type: "number", minimum: 0 };
const day: Schema = { type: "string", format: "date" };

/** The kinds of tokens; those of input exclude each other. */
export const TOKENS = { input_tokens: whole, output_tokens: whole, cache_tokens: whole, cache_write_tokens: whole };

/** Money is in millionths of a US dollar; an unknown price makes `usd_micros` null. */
export const COST = {
  usd_micros: orNull(whole),
  known_usd_micros: whole,
  unpriced_tokens: whole,
  uncertain_tokens: whole,
  uncertain_usd_micros: whole,
};

/** Dollars for a million tokens. */
const CACHE_RATES = { cache_read: number, cache_write: number };

const SPEND = { calls: whole, ...TOKENS, cost: record(COST) };

/** What is said of spending. */
export const SPEND_SCHEMAS: Readonly<Record<string, Schema>> = {
  Spend: record(SPEND),
  Usage: record({
    by: { enum: [...USAGE_GROUPS] },
    since: day,
    until: day,
    rows: list(record({ day: orNull(day), hen_id: orNull(henId), model: orNull(text), ...SPEND })),
    total: ref("Spend"),
  }),
  FarmLimits: record(
    Object.fromEntries(Object.keys(NO_FARM_LIMITS).map((key) => [key, orNull(key.endsWith("_usd") ? number : whole)])),
  ),
  ModelPrice: record(
    { input: number, output: number },
    { ...CACHE_RATES, above: record({ input: number, output: number, input_tokens: whole }, CACHE_RATES) },
  ),
  BrainTest: record({
    hen_id: henId,
    provider: text,
    model: text,
    latency_ms: whole,
    usage: ref("BrainUsage"),
    usd_micros: orNull(whole),
    usd_per_million: orNull(ref("ModelPrice")),
    prices_as_of: day,
    context_window: orNull(whole),
    attempts: list(record({ provider: text, model: text, error_code: text, error: text })),
  }),
};
