import { classify } from "../wire/classify.ts";
import { parseSaid } from "../wire/said.ts";

/** Which optional parts of the wire format a server takes. */
export interface Dialect {
  readonly stream: boolean;
  /** `stream_options: {include_usage: true}` */
  readonly streamUsage: boolean;
  readonly temperature: boolean;
  readonly tokenLimit: "max_tokens" | "max_completion_tokens";
  /** `tokenLimit` was changed after a refusal; it is not changed back. */
  readonly isLimitSettled: boolean;
  /** Gives the model's reasoning back with its calls, as `reasoning_content`: some servers want it, others refuse it. */
  readonly reasoning: boolean;
}

/** What is tried first with a compatible server: everything that one of today takes. */
export const COMPAT_DIALECT: Dialect = {
  stream: true,
  streamUsage: true,
  temperature: true,
  tokenLimit: "max_tokens",
  isLimitSettled: false,
  reasoning: false,
};

/** What is tried first with OpenAI's own models, the newer of which refuse `max_tokens` (weaknesses F8). */
export const OPENAI_DIALECT: Dialect = { ...COMPAT_DIALECT, tokenLimit: "max_completion_tokens" };

/**
 * A plainer dialect to ask again in after a server refused a request as malformed; undefined when there is none, or the
 * refusal says something else. What the refusal names is changed or left out; one that names nothing is answered by not
 * streaming. Each step is taken once, so a request is asked at most six times.
 */
export function plainerDialect(
  dialect: Dialect,
  refusal: { readonly status: number; readonly body: string },
): Dialect | undefined {
  const { status, body } = refusal;
  if (status !== 400 && status !== 422) return undefined;
  if (classify(status, parseSaid(body)) !== "brain_bad_request") return undefined;
  const names = (field: string) => body.includes(field);
  if (!dialect.isLimitSettled && names("max_completion_tokens")) {
    const tokenLimit = dialect.tokenLimit === "max_tokens" ? "max_completion_tokens" : "max_tokens";
    return { ...dialect, tokenLimit, isLimitSettled: true };
  }
  if (dialect.temperature && names("temperature")) return { ...dialect, temperature: false };
  if (!dialect.reasoning && names("reasoning_content")) return { ...dialect, reasoning: true };
  if (dialect.stream && dialect.streamUsage && names("stream_options")) return { ...dialect, streamUsage: false };
  return dialect.stream ? { ...dialect, stream: false } : undefined;
}
