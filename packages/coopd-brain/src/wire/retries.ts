/** How often and how soon a call that failed is made again. */
export interface RetryRules {
  /** The first wait; each further one is twice as long. */
  readonly firstMs: number;
  /** The longest wait that nobody asked for. */
  readonly waitMsMax: number;
  /** No try begins later than this after the first failure, waits that the server asked for left out. */
  readonly windowMs: number;
  /** Waits that the server asked for, all together; asked for more, the call fails at once and says until when. */
  readonly askedMsMax: number;
}

/**
 * Overloads pass within seconds or not at all; a rate limit by the minute is lifted within one, and nobody should sit in a
 * call for longer than five.
 */
export const RETRY_RULES: RetryRules = { firstMs: 500, waitMsMax: 8_000, windowMs: 60_000, askedMsMax: 300_000 };

/** Whether another try may help, and when. */
export interface RetryHint {
  /** Tries beyond the first that make sense for this kind of failure. */
  readonly triesMax: number;
  /** What the server asked for. */
  readonly afterMs?: number | undefined;
}

/** Time, handed in so that tests need not sleep. */
export interface RetryTime {
  /** Never steps back. */
  nowMs(): number;
  /** Rejects with the signal's reason when it aborts. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  /** 0 ≤ n < 1; spreads the tries of many calls that failed together. */
  random(): number;
}

/** Counts the retries of one call. */
export class Retries {
  readonly #rules: RetryRules;
  readonly #time: RetryTime;
  #count = 0;
  #firstMs: number | undefined;
  #askedMs = 0;

  constructor(rules: RetryRules, time: RetryTime) {
    this.#rules = rules;
    this.#time = time;
  }

  /** How long to wait before the next try, ms; undefined when the failure is the last word. */
  next({ triesMax, afterMs }: RetryHint): number | undefined {
    const { firstMs, waitMsMax, windowMs, askedMsMax } = this.#rules;
    this.#firstMs ??= this.#time.nowMs();
    const spentMs = this.#time.nowMs() - this.#firstMs - this.#askedMs;
    if (this.#count >= triesMax || spentMs > windowMs) return undefined;
    const ownMs = Math.min(firstMs * 2 ** this.#count, waitMsMax) * (0.75 + this.#time.random() / 4);
    this.#count += 1;
    if (afterMs === undefined) return spentMs + ownMs > windowMs ? undefined : Math.round(ownMs);
    if (this.#askedMs + afterMs > askedMsMax) return undefined;
    this.#askedMs += afterMs;
    return afterMs;
  }
}

/** The time of this machine. */
export const REAL_TIME: RetryTime = {
  nowMs: () => performance.now(),
  random: () => Math.random(),
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      const stop = () => {
        clearTimeout(timer);
        reject(signal.reason);
      };
      const timer = setTimeout(() => {
        signal.removeEventListener("abort", stop);
        resolve();
      }, ms);
      if (signal.aborted) stop();
      else signal.addEventListener("abort", stop, { once: true });
    }),
};
