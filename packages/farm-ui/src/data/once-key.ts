const KEY_BYTES = 16;

/**
 * A key under which the farm does a request once, however often it is sent (`Idempotency-Key`). `randomUUID` is not there on
 * pages that came over plain HTTP from another machine; random bytes are.
 */
export function onceKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(KEY_BYTES))]
    .map((byte) => byte.toString(16).padStart(2, "0"))
    .join("");
}
