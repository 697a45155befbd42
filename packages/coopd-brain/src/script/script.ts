import { z } from "zod";
import type { Pattern } from "./pattern/pattern.ts";

/** A script is read whole, so it is small; the longest prompt has the same limit (contract/http-api.md §1). */
export const SCRIPT_BYTES_MAX = 256 * 1024;
/** Far beyond any limit on the turns of a job. */
export const TURNS_MAX = 10_000;
/** Ten minutes: longer than any call that a test or a demonstration waits for. */
export const DELAY_MS_MAX = 600_000;
const CASES_MAX = 100;
const TOOLS_MAX = 64;
const TOKENS_MAX = 1_000_000_000;

/** The codes that a model client fails with; what a script may raise. */
const RAISED_CODES = [
  "brain_unavailable",
  "brain_overloaded",
  "brain_rate_limited",
  "brain_auth",
  "brain_context_too_long",
  "brain_bad_request",
  "brain_refused",
  "brain_answer_invalid",
  "brain_output_cut",
  "brain_unsupported",
] as const;

const FINISH_REASONS = ["end_turn", "tool_use", "max_tokens", "stop_sequence", "refusal"] as const;

const tokenCount = z.int().min(0).max(TOKENS_MAX);

/** What the last tool result must be for a turn to fit; every key that is given must hold. */
const conditionSchema = z
  .strictObject({
    contains: z.string().min(1).optional(),
    matches: z.string().optional(),
    is_error: z.boolean().optional(),
    exit_code: z.int().optional(),
  })
  .refine((when) => Object.keys(when).length > 0, "expected at least one of contains, matches, is_error, exit_code");

/** One answer of the scripted brain, as written. */
export const turnSchema = z
  .strictObject({
    text: z.string().min(1).optional(),
    tools: z
      .array(z.strictObject({ name: z.string().min(1).max(64), input: z.unknown().optional() }))
      .min(1)
      .max(TOOLS_MAX)
      .optional(),
    delay_ms: z.int().min(0).max(DELAY_MS_MAX).optional(),
    tokens: z.strictObject({ input: tokenCount.optional(), output: tokenCount.optional() }).optional(),
    finish_reason: z.enum(FINISH_REASONS).optional(),
    error: z.strictObject({ code: z.enum(RAISED_CODES), message: z.string().min(1).max(2_000) }).optional(),
    when: conditionSchema.optional(),
  })
  .refine(
    (turn) => turn.text !== undefined || turn.tools !== undefined || turn.error !== undefined,
    "expected at least one of text, tools, error",
  )
  .refine((turn) => turn.tools === undefined || turn.error === undefined, "expected tools or error, not both");

/** A place in the script where the last tool result decides which turn is played: the first that fits. */
export const casesSchema = z.strictObject({ cases: z.array(turnSchema).min(1).max(CASES_MAX) });

/** One entry of a script, as a test writes it to send it as JSON, which is YAML too. */
export type ScriptEntry = z.input<typeof turnSchema> | z.input<typeof casesSchema>;

type WrittenTurn = z.output<typeof turnSchema>;
type WrittenCondition = z.output<typeof conditionSchema>;

/** A condition with its pattern compiled. */
export type Condition = Omit<WrittenCondition, "matches"> & { readonly matches?: Pattern };

/** A turn with its condition compiled. */
export type Turn = Omit<WrittenTurn, "when"> & { readonly when?: Condition };

/** A script after parsing: for the n-th answer the n-th list of turns, of which the first that fits is played. */
export interface Script {
  readonly places: readonly (readonly Turn[])[];
}
