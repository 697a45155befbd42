import { CoopError } from "coopd-core";
import type { APIError } from "openai";
import { recordOf } from "./loose-json.ts";
import { loadSdk } from "./sdk.ts";

/** An answer that was not 2xx: how a server says no. */
export interface Refusal {
  readonly status: number;
  /** Its start, bounded. */
  readonly body: string;
  /** Where a redirect points; empty for any other answer. */
  readonly location: string;
}

/**
 * What a call to the SDK threw, as one of ours; a mistake of our own stays what it is.
 * `refusal` is the last answer that was not 2xx.
 */
export async function toBrainError(error: unknown, baseUrl: string, refusal: Refusal | undefined): Promise<unknown> {
  if (error instanceof CoopError) return error;
  const { APIConnectionError, APIError } = await loadSdk();
  if (error instanceof APIConnectionError) {
    return error.cause instanceof CoopError ? error.cause : toConnectionError(baseUrl, error);
  }
  if (!(error instanceof APIError)) return error;
  return error.status === undefined || refusal === undefined ? toAnswerError(error) : toRefusalError(refusal, error);
}

/** The connection ended before the answer did. */
export function brokenOff(cause?: unknown): CoopError {
  return new CoopError("brain_unavailable", "openai-compat: the answer broke off before its end", {
    next: "Try again; the server or the network dropped the connection.",
    cause,
  });
}

/** What a provider says goes into jobs, events and logs, so it is short (weaknesses C11). */
const EXCERPT_CHARS = 500;

/** The start of a text for a message: at most 500 characters, none of them a control character. */
export function excerpt(text: string): string {
  const chars = Array.from(text.slice(0, EXCERPT_CHARS * 2)).slice(0, EXCERPT_CHARS);
  const cut = chars.join("").length < text.length ? "…" : "";
  return `${chars.join("").replaceAll(/\p{Cc}+/gu, " ")}${cut}`;
}

/** The server answered, but not with 2xx: `openai-compat 503: …`. */
function toRefusalError({ status, body, location }: Refusal, cause: unknown): CoopError {
  if (status < 400) {
    return new CoopError(
      "brain_refused",
      `openai-compat ${status}: the server redirects, and no redirect is followed`,
      {
        next: `Put the address it points to into brain.base_url: ${excerpt(location) || "(none given)"}`,
        details: { status },
        cause,
      },
    );
  }
  const text = `openai-compat ${status}: ${body.trim() === "" ? "(no text)" : excerpt(body.trim())}`;
  const code = isPassing(status) ? "brain_unavailable" : "brain_refused";
  return new CoopError(code, text, { next: nextStepFor(status), details: { status }, cause });
}

/** An error inside an answer that began as 2xx; `code` or `status` in it is often the HTTP status that it means. */
function toAnswerError(error: APIError): CoopError {
  const { code, status, message } = recordOf(error.error);
  const meant = [code, status].map(Number).find((it) => it >= 400 && it < 600);
  const body = typeof message === "string" ? message : error.message;
  if (meant !== undefined) return toRefusalError({ status: meant, body, location: "" }, error);
  return new CoopError("brain_unavailable", `openai-compat: the server broke off with an error: ${excerpt(body)}`, {
    next: "Try again; the server's own log says more.",
    cause: error,
  });
}

/** No connection, or none that answered. */
function toConnectionError(baseUrl: string, error: Error): CoopError {
  const cause = error.cause instanceof Error ? error.cause : error;
  return new CoopError("brain_unavailable", `openai-compat: cannot reach ${baseUrl}: ${excerpt(cause.message)}`, {
    next: "Start the model server, or correct brain.base_url.",
    cause: error,
  });
}

/** Worth another try later: the statuses that the SDK retries. */
function isPassing(status: number): boolean {
  return status >= 500 || status === 408 || status === 409 || status === 429;
}

function nextStepFor(status: number): string {
  if (status === 401 || status === 403)
    return "This version sends no key (provider_id: none); use a server that wants none.";
  if (status === 404) return "Check brain.model, and brain.base_url: most servers want it to end in /v1.";
  if (isPassing(status)) return "Try again later; the server's own log says more.";
  return "The server's own log may say more.";
}
