/** Which optional parts of the wire format a server takes. */
export interface Dialect {
  readonly stream: boolean;
  /** `stream_options: {include_usage: true}` */
  readonly streamUsage: boolean;
  readonly temperature: boolean;
  readonly tokenLimit: "max_tokens" | "max_completion_tokens";
}

/** What is tried first: everything that a server of today takes. */
export const FULL_DIALECT: Dialect = {
  stream: true,
  streamUsage: true,
  temperature: true,
  tokenLimit: "max_tokens",
};

/**
 * A plainer dialect to ask again in after a server refused a request as malformed; undefined when there is none, or the
 * refusal says something else. What the refusal names is left out; one that names nothing is answered by not streaming.
 * Each step takes something away, so a request is asked at most five times.
 */
export function plainerDialect(dialect: Dialect, refusal: { readonly status: number; readonly body: string }) {
  const { status, body } = refusal;
  if (status !== 400 && status !== 422) return undefined;
  const names = (field: string) => body.includes(field);
  if (dialect.tokenLimit === "max_tokens" && names("max_completion_tokens")) {
    return { ...dialect, tokenLimit: "max_completion_tokens" } as const;
  }
  if (dialect.temperature && names("temperature")) return { ...dialect, temperature: false };
  if (dialect.stream && dialect.streamUsage && names("stream_options")) return { ...dialect, streamUsage: false };
  return dialect.stream ? { ...dialect, stream: false } : undefined;
}
