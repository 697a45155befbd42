import type { ErrorCode } from "coopd-core";
import type { Said } from "./said.ts";

/** What an error type or code stands for where no HTTP status came with it. */
const STATUS_OF: Readonly<Record<string, number>> = {
  invalid_request_error: 400,
  authentication_error: 401,
  billing_error: 402,
  permission_error: 403,
  not_found_error: 404,
  timeout_error: 504,
  request_too_large: 413,
  rate_limit_error: 429,
  rate_limit_exceeded: 429,
  api_error: 500,
  server_error: 500,
  overloaded_error: 529,
};

/** Words that tell more than the status, tried in this order. */
const TOO_LONG =
  /context_length_exceeded|exceed_context_size|request_too_large|prompt is too long|maximum context length|exceeds? the (?:available |model's |maximum )?context|context (?:length|window|size) (?:of|is|exceeded)|exceed context limit|greater than the context length/i;
const NO_CREDIT =
  /insufficient_quota|billing_(?:error|hard_limit|not_active)|credit balance|exceeded your current quota/i;
const BAD_KEY = /invalid_api_key|authentication_error|api key (?:not valid|is invalid)|incorrect api key/i;
const DECLINED = /content_filter|content_policy_violation|responsibleaipolicyviolation|content management policy/i;
const OVERLOADED = /overloaded|at capacity|server is busy/i;

/** The HTTP status that an error inside an answer means; undefined when it does not say. */
export function statusMeant({ type, code }: Said): number | undefined {
  const number = Number(code);
  if (number >= 400 && number < 600) return number;
  return STATUS_OF[type] ?? STATUS_OF[code];
}

/** Which of our codes a refusal is; `status` undefined for an error inside an answer that does not say. */
export function classify(status: number | undefined, { type, code, message }: Said): ErrorCode {
  const words = `${type} ${code} ${message}`;
  if (status === 401 || status === 402 || status === 403) return "brain_auth";
  if (NO_CREDIT.test(words)) return "brain_auth";
  if (status === 429) return "brain_rate_limited";
  if (status === 413 || TOO_LONG.test(words)) return "brain_context_too_long";
  if (status === 503 || status === 529 || ((status === undefined || status >= 500) && OVERLOADED.test(words))) {
    return "brain_overloaded";
  }
  if (status === undefined || status >= 500 || status === 408 || status === 409 || status === 425) {
    return "brain_unavailable";
  }
  if (DECLINED.test(words)) return "brain_refused";
  return BAD_KEY.test(words) ? "brain_auth" : "brain_bad_request";
}
