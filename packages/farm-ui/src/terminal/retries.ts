/** Tries again, later each time. */
export interface Retries {
  /** After the next pause; asked for while one is due, nothing changes. */
  soon(): void;
  /** At once, when one is due. */
  now(): void;
  /** It worked: the next loss begins with the shortest pause again. */
  succeeded(): void;
  stop(): void;
}

/** Pauses, ms: a daemon is back within a second; later tries only wait for a person or a network. */
const PAUSES_MS = [250, 500, 1_000, 2_000, 5_000, 10_000] as const;

/** `again` is called for each try. */
export function openRetries(again: () => void): Retries {
  let tries = 0;
  let due: ReturnType<typeof setTimeout> | undefined;
  const stop = () => {
    clearTimeout(due);
    due = undefined;
  };
  const run = () => {
    stop();
    again();
  };
  return {
    stop,
    soon() {
      if (due !== undefined) return;
      due = setTimeout(run, PAUSES_MS[Math.min(tries, PAUSES_MS.length - 1)]);
      tries += 1;
    },
    now() {
      if (due !== undefined) run();
    },
    succeeded() {
      tries = 0;
      stop();
    },
  };
}
