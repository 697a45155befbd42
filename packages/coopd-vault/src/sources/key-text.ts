import { CoopError } from "coopd-core";
import type { Secret } from "../secret/secret.ts";

/** The longest key that a header carries; servers refuse headers beyond 8 KiB. */
const KEY_BYTES_MAX = 8_192;

/**
 * Lets a secret pass that can be a provider's key: visible ASCII, so that it can be no second header and no second line.
 * @throws CoopError `secret_unavailable`, `what` being the reference; never a word of the value
 */
export function requireKeyText(secret: Secret, what: string): Secret {
  const fault = secret.lend((bytes) => {
    if (bytes.length === 0) return "is empty";
    if (bytes.length > KEY_BYTES_MAX) return `is longer than ${KEY_BYTES_MAX} bytes`;
    return bytes.every((byte) => byte > 0x20 && byte < 0x7f) ? null : "has characters that no key has";
  });
  if (fault === null) return secret;
  throw new CoopError("secret_unavailable", `the secret ${what} ${fault}`, {
    next: "Store the key alone: one line, no blanks, no quotes.",
  });
}
