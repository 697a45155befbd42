/** How long to wait before trying again. */
export interface Backoff {
  readonly firstMs: number;
  readonly maxMs: number;
}

/** Soon at first, for a daemon that restarts in a second; then calm, for one that does not. */
export const BACKOFF_DEFAULT: Backoff = { firstMs: 250, maxMs: 5_000 };

/**
 * The pause before attempt `attempt`, which counts from 0: doubled each time up to the maximum, plus up to a quarter by
 * chance, so that a thousand clients of one daemon do not come back in step.
 */
export function pauseMs(backoff: Backoff, attempt: number, chance = Math.random()): number {
  const base = Math.min(backoff.firstMs * 2 ** Math.min(attempt, 30), backoff.maxMs);
  return Math.round(base * (1 + chance / 4));
}

/** Resolves after `ms`, or at once when the signal is aborted; it never rejects. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted === true) return resolve();
    const end = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal?.addEventListener("abort", end, { once: true });
  });
}
