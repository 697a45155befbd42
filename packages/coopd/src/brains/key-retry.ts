/** First and longest pause before keys are looked for again, ms: an outage of Azure is over in minutes, a person takes hours. */
const PAUSE_FIRST_MS = 30_000;
const PAUSE_MAX_MS = 600_000;

/** Runs something after a while, unless what it gives back is called before. */
export type Later = (work: () => void, ms: number) => () => void;

const onTimer: Later = (work, ms) => {
  const timer = setTimeout(work, ms);
  return () => clearTimeout(timer);
};

/**
 * Looks again for keys that may come without a word: out of Azure, or in a file. Hens that wait for one are let go after a
 * while, and wait again if it is still not there. Whoever made it closes it.
 */
export class KeyRetry {
  readonly #meet: () => Promise<void>;
  #pauseMs = PAUSE_FIRST_MS;
  readonly #later: Later;
  #cancel: (() => void) | undefined;

  /** `meet` lets the waiting hens go; it may not reject. */
  constructor(meet: () => Promise<void>, later: Later = onTimer) {
    this.#meet = meet;
    this.#later = later;
  }

  /** A key was not there. */
  missed(): void {
    this.#cancel ??= this.#later(() => {
      this.#cancel = undefined;
      this.#pauseMs = Math.min(this.#pauseMs * 2, PAUSE_MAX_MS);
      void this.#meet();
    }, this.#pauseMs);
  }

  /** A key was there again. */
  found(): void {
    this.#pauseMs = PAUSE_FIRST_MS;
  }

  close(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }
}
