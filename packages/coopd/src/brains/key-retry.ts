/** First and longest pause before keys are looked for again, ms: an outage of Azure is over in minutes, a person takes hours. */
const PAUSE_FIRST_MS = 30_000;
const PAUSE_MAX_MS = 600_000;

/**
 * Looks again for keys that may come without a word: out of Azure, or in a file. Hens that wait for one are let go after a
 * while, and wait again if it is still not there. Whoever made it closes it.
 */
export class KeyRetry {
  readonly #meet: () => Promise<void>;
  #pauseMs = PAUSE_FIRST_MS;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** `meet` lets the waiting hens go; it may not reject. */
  constructor(meet: () => Promise<void>) {
    this.#meet = meet;
  }

  /** A key was not there. */
  missed(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#pauseMs = Math.min(this.#pauseMs * 2, PAUSE_MAX_MS);
      void this.#meet();
    }, this.#pauseMs);
  }

  /** A key was there again. */
  found(): void {
    this.#pauseMs = PAUSE_FIRST_MS;
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
