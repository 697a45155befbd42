import { CoopError } from "../errors/coop-error.ts";

/**
 * A client's word that a request is the same one when it comes again (draft-ietf-httpapi-idempotency-key-header). Keys are
 * one namespace for the whole farm.
 */
export interface OnceKey {
  /** As the client gave it; see {@link parseIdempotencyKey}. */
  readonly key: string;
  /** SHA-256 of what was asked, in hex: the same key with another request is a mistake of the client. */
  readonly request: string;
}

/** A key is kept for a day, ms: longer than any client retries, and what the field's payment APIs promise. */
export const IDEMPOTENCY_KEY_MS = 86_400_000;
/** Keys that are kept at once: some 150 MB. Beyond, a keyed request is refused; forgetting one early would break its promise. */
export const IDEMPOTENCY_KEYS_MAX = 1_000_000;

const KEY = /^[\x21-\x7e]{1,255}$/;

/** @throws CoopError `bad_request` unless it is 1–255 visible ASCII characters */
export function parseIdempotencyKey(text: string): string {
  if (KEY.test(text)) return text;
  throw new CoopError("bad_request", "an Idempotency-Key is 1 to 255 visible ASCII characters, without blanks", {
    next: "A random UUID is a good one.",
  });
}

/** The refusal of a key that has been given to something else, or to the same by a request that came first. */
export function keyTaken(key: string): CoopError {
  return new CoopError("idempotency_conflict", `the Idempotency-Key ${key} was used for another request`, {
    next: "Give each new request a key of its own, and repeat only the very same request with the same key.",
    details: { key },
  });
}
