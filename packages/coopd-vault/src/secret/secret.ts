import { timingSafeEqual } from "node:crypto";
import { CoopError } from "coopd-core";

/** What a secret looks like wherever it is not revealed on purpose. */
const MASK = "[secret]";

/**
 * A value that must not be seen: printed, inspected, put in a template or in JSON, it reads `[secret]`. It is kept as
 * bytes, so that {@link close} can overwrite it; a revealed string cannot be overwritten and lives until the garbage
 * collector takes it (docs/security.md, limits), so reveal it only where it is sent.
 *
 * Whoever opens a secret closes it, best with `using`.
 */
export class Secret {
  #bytes: Uint8Array | undefined;

  /** Bytes are taken over, not copied: closing overwrites the caller's own array. */
  constructor(value: string | Uint8Array) {
    this.#bytes = typeof value === "string" ? new TextEncoder().encode(value) : value;
    Object.freeze(this);
  }

  /**
   * The value, for the adapter that sends it.
   * @throws CoopError `secret_unavailable` after {@link close} or when the bytes are not UTF-8
   */
  reveal(): string {
    const bytes = this.#open();
    try {
      return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    } catch {
      // Without `cause`: the decoder's error is of no use, and nothing that saw the bytes goes to a log.
      throw new CoopError("secret_unavailable", "the secret is not UTF-8 text");
    }
  }

  /** Lends the bytes for as long as `work` runs; it must keep no reference to them. @throws CoopError `secret_unavailable` after {@link close} */
  lend<Value>(work: (bytes: Uint8Array) => Value): Value {
    return work(this.#open());
  }

  /** True after {@link close}. */
  get isClosed(): boolean {
    return this.#bytes === undefined;
  }

  /**
   * Compares in a time that depends on the lengths only.
   * @throws CoopError `secret_unavailable` when either is closed
   */
  equals(other: Secret): boolean {
    const [mine, theirs] = [this.#open(), other.#open()];
    return mine.length === theirs.length && timingSafeEqual(mine, theirs);
  }

  /** Overwrites the bytes. May be called again. */
  close(): void {
    this.#bytes?.fill(0);
    this.#bytes = undefined;
  }

  [Symbol.dispose](): void {
    this.close();
  }

  toString(): string {
    return MASK;
  }

  toJSON(): string {
    return MASK;
  }

  [Symbol.toPrimitive](): string {
    return MASK;
  }

  /** What `console.log` and `util.inspect` print. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return MASK;
  }

  #open(): Uint8Array {
    if (this.#bytes !== undefined) return this.#bytes;
    throw new CoopError("secret_unavailable", "the secret was closed before it was used");
  }
}
