import type { CoopError, ErrorCode } from "coopd-core";

/**
 * Errors after which another model may be asked: this one cannot be reached, has too much to do, talks nonsense, or its key
 * is not there now. A wrong key, a request that is not taken, or a refusal is the farmer's to see, and would be paid for
 * elsewhere without being noticed (weaknesses F4).
 */
const FALLS_OVER: Readonly<Partial<Record<ErrorCode, true>>> = {
  brain_unavailable: true,
  brain_overloaded: true,
  brain_rate_limited: true,
  brain_answer_invalid: true,
  secret_unavailable: true,
};

/** True when the next link of the chain may be asked. */
export function fallsOver(error: CoopError): boolean {
  return FALLS_OVER[error.code] === true;
}

/** Said before the provider does any work. */
const CHARGES_NOTHING: Readonly<Partial<Record<ErrorCode, true>>> = {
  brain_overloaded: true,
  brain_rate_limited: true,
  brain_auth: true,
  brain_bad_request: true,
  brain_context_too_long: true,
  brain_unsupported: true,
  script_invalid: true,
  secret_unavailable: true,
};

/**
 * Whether a call that ended like this may be charged. Once a word of an answer has come it always may. Else it may not where
 * there was no connection, or the server answered with an error in the place of an answer; what broke off or took too long
 * may have been worked on.
 */
export function mayBeCharged({ code, details }: CoopError, hasSpoken: boolean): boolean {
  if (hasSpoken) return true;
  return CHARGES_NOTHING[code] !== true && details?.is_connection !== true && typeof details?.status !== "number";
}
