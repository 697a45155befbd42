/** Runs works, so many at once; the others wait their turn in order. Who waits and gives up leaves the line. */
export type Turns = <T>(work: () => Promise<T>, signal: AbortSignal) => Promise<T>;

/** The line has no limit of its own: whoever makes it bounds who may stand in it. */
export function createTurns(atOnce: number): Turns {
  const waiting: (() => void)[] = [];
  let busy = 0;

  /** True when it is one's turn, false when the signal came first. */
  async function wait(signal: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    waiting.push(resolve);
    const leave = () => {
      const at = waiting.indexOf(resolve);
      if (at < 0) return; // it was one's turn already
      waiting.splice(at, 1);
      busy += 1; // as if it had come: the end of the work below gives it back
      resolve();
    };
    signal.addEventListener("abort", leave, { once: true });
    await promise;
    signal.removeEventListener("abort", leave);
  }

  return async (work, signal) => {
    if (busy < atOnce) busy += 1;
    else await wait(signal);
    try {
      signal.throwIfAborted();
      return await work();
    } finally {
      // Those who left while they waited stand above the limit; nobody takes their place.
      const next = busy > atOnce ? undefined : waiting.shift();
      if (next === undefined) busy -= 1;
      else next();
    }
  };
}
