import { listOf, recordOf, textOf } from "./loose-json.ts";

/** What a server says of an error, in a refusal's body or in the middle of a stream. */
export interface Said {
  /** As `rate_limit_error`; empty when there is none. */
  readonly type: string;
  /** As `context_length_exceeded`, or a number; empty when there is none. */
  readonly code: string;
  readonly message: string;
}

/** Reads the body of a refusal; what is no JSON is all message. */
export function parseSaid(body: string): Said {
  try {
    return saidIn(JSON.parse(body)) ?? plain(body);
  } catch {
    return plain(body);
  }
}

/**
 * Reads an error object: `{error: {…}}` of both providers, `{error: "…"}`, `{message}` and `{detail}` of compatible servers,
 * also as the one element of a list (Google). Undefined when nothing in it is a message.
 */
export function saidIn(value: unknown): Said | undefined {
  const outer = recordOf(Array.isArray(value) ? listOf(value)[0] : value);
  if (textOf(outer.error) !== "") return plain(textOf(outer.error));
  const inner = recordOf(outer.error);
  const from = textOf(inner.message) === "" ? outer : inner;
  const message = textOf(from.message) || textOf(from.detail);
  if (message === "" && textOf(inner.type) === "") return undefined;
  const type = textOf(inner.type) || (textOf(from.type) === "error" ? "" : textOf(from.type)) || textOf(from.status);
  return { type, code: codeOf(from.code) || codeOf(from.status), message };
}

function codeOf(value: unknown): string {
  return typeof value === "number" ? String(value) : textOf(value);
}

function plain(message: string): Said {
  return { type: "", code: "", message };
}
