import { CoopError } from "coopd-core";

/** Wrong passphrases within {@link WINDOW_MS} before the next one is refused unheard; a person mistypes three times. */
const FAILURES_MAX = 5;
const WINDOW_MS = 60_000;

/**
 * Slows guessing down: after five failures within a minute nothing is tried until the minute is over, whoever asks. At 12 tries
 * a minute and a third of a second of Argon2id each, a passphrase is not found by asking.
 */
export class Attempts {
  readonly #nowMs: () => number;
  readonly #failedAt: number[] = [];

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  /** @throws CoopError `too_many_attempts` with the seconds to wait */
  assertAllowed(): void {
    const now = this.#nowMs();
    while (this.#failedAt.length > 0 && now - (this.#failedAt[0] ?? 0) >= WINDOW_MS) this.#failedAt.shift();
    const [oldest] = this.#failedAt;
    if (this.#failedAt.length < FAILURES_MAX || oldest === undefined) return;
    const retryAfterSecs = Math.max(1, Math.ceil((oldest + WINDOW_MS - now) / 1_000));
    throw new CoopError("too_many_attempts", "too many wrong passphrases", {
      next: `Wait ${retryAfterSecs} s.`,
      details: { retry_after_secs: retryAfterSecs },
    });
  }

  failed(): void {
    this.#failedAt.push(this.#nowMs());
  }
}
