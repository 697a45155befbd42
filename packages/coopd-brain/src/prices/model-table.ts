import { CoopError } from "coopd-core";
import { z } from "zod";

/** Dollars for a million tokens; more than this is a slip of the pen. */
const rate = z.number().min(0).max(100_000);
const rates = { input: rate, output: rate, cache_read: rate.optional(), cache_write: rate.optional() };
/** No model reads more. */
const tokens = z.int().min(1).max(1_000_000_000);
const name = z.string().min(1).max(256);

const rowSchema = z.strictObject({
  provider: z.enum(["anthropic", "openai", "openai-compat"]),
  model: name,
  /** Only for this address; absent: the provider's own, and for openai-compat any. */
  base_url: name.optional(),
  usd_per_million: z
    .strictObject({ ...rates, above: z.strictObject({ input_tokens: tokens, ...rates }).optional() })
    .optional(),
  context_window: tokens.optional(),
  tool_use: z.boolean().optional(),
  vision: z.boolean().optional(),
});

const routesSchema = z.strictObject({ small: name, medium: name, large: name });

/** The table that Coop is shipped with. */
export const tableSchema = z.strictObject({
  as_of: z.iso.date(),
  routes: routesSchema,
  models: z.array(rowSchema).max(10_000),
});

/** What a farmer writes into prices.json: rows that replace or add to those of the table. */
export const overrideSchema = z.strictObject({
  as_of: z.iso.date().optional(),
  routes: routesSchema.partial().optional(),
  models: z.array(rowSchema).max(10_000).default([]),
});

/** What is known of one model. */
export type ModelRow = z.output<typeof rowSchema>;
export type ModelTable = z.output<typeof tableSchema>;
export type ModelOverrides = z.output<typeof overrideSchema>;

/** Reads prices.json. @throws CoopError `bad_request` naming what is wrong: a ceiling must not stand on half a price list */
export function parseOverrides(text: string): ModelOverrides {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw refused(error instanceof Error ? error.message : "it is not JSON");
  }
  const parsed = overrideSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path, message }) => `${path.join(".") || "it"}: ${message}`);
  throw refused(faults.slice(0, 5).join("; "));
}

function refused(why: string): CoopError {
  return new CoopError("bad_request", `prices.json cannot be used: ${why}`, {
    next: "Correct it as docs/costs.md shows, or move it away.",
  });
}
