import { CoopError, type ErrorCode, toInstant } from "coopd-core";
import { classify, statusMeant } from "./classify.ts";
import type { RetryHint } from "./retries.ts";
import { readRetryAfterMs } from "./retry-after.ts";
import { parseSaid, type Said } from "./said.ts";
import { excerpt, type Scrub } from "./scrub.ts";
import type { Refusal } from "./sealed-fetch.ts";

/** An error that came inside an answer that had begun as 2xx. */
export class AnswerError extends Error {
  override readonly name = "AnswerError";
  readonly said: Said;

  constructor(said: Said) {
    super(said.message);
    this.said = said;
  }
}

/** The errors of an SDK that its calls throw. */
export interface SdkErrors {
  readonly APIConnectionError: abstract new (...args: never) => Error;
  readonly APIError: abstract new (...args: never) => Error;
}

/** What is known of the call that failed. */
export interface FailedCall {
  /** Begins the text, as `anthropic 401: …`; the page matches on it. */
  readonly name: string;
  readonly baseUrl: string;
  readonly hasKey: boolean;
  readonly refusal: Refusal | undefined;
  readonly scrub: Scrub;
  /** Milliseconds since 1970. */
  readonly nowMs: number;
}

/** A failure as others see it, and whether another try may help. */
export interface Failure {
  readonly error: unknown;
  readonly retry: RetryHint;
}

/** Tries beyond the first. A server that is not there at all is not there in ten seconds either. */
const NEVER: RetryHint = { triesMax: 0 };
const FEW: RetryHint = { triesMax: 2 };
const MANY = 5;

/** What a call threw, as one of ours; a mistake of our own stays what it is. */
export function toFailure(error: unknown, call: FailedCall, sdk: SdkErrors): Failure {
  if (error instanceof CoopError) return toOwnFailure(error, call);
  if (error instanceof AnswerError) return toAnswerFailure(error.said, call);
  if (error instanceof sdk.APIConnectionError) {
    const { cause } = error;
    if (cause instanceof CoopError) return toOwnFailure(cause, call);
    return toConnectionFailure(call, (cause instanceof Error ? cause : error).message);
  }
  if (error instanceof sdk.APIError && call.refusal !== undefined) return toRefusalFailure(call.refusal, call);
  return { error, retry: NEVER };
}

/** The adapters' errors, and those of the fetch that was handed in. */
function toOwnFailure(error: CoopError, call: FailedCall): Failure {
  const { code, message } = error;
  if (code === "unreachable" || code === "timeout") return toConnectionFailure(call, message);
  if (code === "policy_denied") return { error: denied(call, message), retry: NEVER };
  return { error: scrubbed(error, call.scrub), retry: code === "brain_unavailable" ? FEW : NEVER };
}

/** The host is one that no brain may reach: by name a private one, or this daemon. */
function denied({ name, baseUrl }: FailedCall, reason: string): CoopError {
  return new CoopError("policy_denied", `${name}: ${baseUrl} is not reached: ${reason}`, {
    next: "For a model server of your own put its address itself into brain.base_url, as in http://192.168.1.5:8000/v1.",
  });
}

/** An adapter's own errors may quote what the server sent, and so what the server was sent. */
function scrubbed(error: CoopError, scrub: Scrub): CoopError {
  const message = scrub(error.message);
  const { code, next, details } = error;
  if (message === error.message) return error;
  return new CoopError(code, message, {
    ...(next === undefined ? {} : { next }),
    ...(details === undefined ? {} : { details }),
  });
}

/** The server answered, but not with 2xx: `anthropic 503: …`. */
function toRefusalFailure(refusal: Refusal, call: FailedCall): Failure {
  const { status, body, headers } = refusal;
  if (status < 400) return { error: redirected(refusal, call), retry: NEVER };
  const said = parseSaid(body);
  return toSaidFailure(status, said, call, readRetryAfterMs(headers, call.nowMs));
}

function toAnswerFailure(said: Said, call: FailedCall): Failure {
  return toSaidFailure(statusMeant(said), said, call, undefined);
}

function toSaidFailure(status: number | undefined, said: Said, call: FailedCall, afterMs: number | undefined): Failure {
  const code = classify(status, said);
  const words = [said.type, said.message.trim()].filter((part) => part !== "").join(": ");
  const text = words === "" ? "(no text)" : excerpt(call.scrub(words));
  const message =
    status === undefined
      ? `${call.name}: the server broke off with an error: ${text}`
      : `${call.name} ${status}: ${text}`;
  const resetAt = code === "brain_rate_limited" && afterMs !== undefined ? toInstant(call.nowMs + afterMs) : undefined;
  const details = {
    ...(status === undefined ? {} : { status }),
    ...(resetAt === undefined ? {} : { reset_at: resetAt }),
  };
  const next = nextStepFor(code, status, call.hasKey, resetAt);
  return { error: new CoopError(code, message, { next, details }), retry: retryOf(code, afterMs) };
}

function retryOf(code: ErrorCode, afterMs: number | undefined): RetryHint {
  const isPassing = code === "brain_unavailable" || code === "brain_overloaded" || code === "brain_rate_limited";
  return isPassing ? { triesMax: MANY, afterMs } : NEVER;
}

function redirected({ status, headers }: Refusal, { name, scrub }: FailedCall): CoopError {
  const location = excerpt(scrub(headers.get("location") ?? "")) || "(none given)";
  return new CoopError("brain_bad_request", `${name} ${status}: the server redirects, and no redirect is followed`, {
    next: `Put the address it points to into brain.base_url: ${location}`,
    details: { status },
  });
}

/** No connection, or none that answered. */
function toConnectionFailure({ name, baseUrl, scrub }: FailedCall, reason: string): Failure {
  const error = new CoopError("brain_unavailable", `${name}: cannot reach ${baseUrl}: ${excerpt(scrub(reason))}`, {
    next: "Start the model server, or correct brain.base_url.",
    details: { is_connection: true },
  });
  return { error, retry: FEW };
}

function nextStepFor(
  code: ErrorCode,
  status: number | undefined,
  hasKey: boolean,
  resetAt: string | undefined,
): string {
  switch (code) {
    case "brain_auth":
      return hasKey
        ? "Check the key that brain.provider_id names, its account and its credit; `coop vault put` replaces it."
        : "The server wants a key: put it into the vault and name it in brain.provider_id.";
    case "brain_rate_limited":
      return resetAt === undefined ? "Try again later." : `Try again after ${resetAt}.`;
    case "brain_context_too_long":
      return "Split the job, or use a model that reads more at once.";
    case "brain_refused":
      return "Put the prompt in other words, or use another model.";
    case "brain_bad_request":
      return status === 404
        ? "Check brain.model, and brain.base_url: most servers want it to end in /v1."
        : "Check brain.model and brain.base_url; the server's own log may say more.";
    default:
      return "Try again later; the server's own log says more.";
  }
}
