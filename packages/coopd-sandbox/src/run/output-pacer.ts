/** Shares the daemon's time among all streams that are being read, so that floods never hold up the event loop. */
export interface OutputPacer {
  /** Resolves when the caller may read one chunk; callers are served in their order. */
  turn(): Promise<void>;
  /** Says how much a chunk had. */
  charge(bytes: number): void;
}

/**
 * 64 MB/s for all hens together: stripping and keeping that takes about a fifth of one core here, and a build log has
 * kilobytes. Whoever writes more waits in its pipe.
 */
const WINDOW_MS = 4;
const WINDOW_BYTES = 256 * 1024;

/** What a turn costs before its chunk is known: 64 readers a window, since most have little or nothing to read. */
const TURN_BYTES = 4096;

/** Time passes only by a timer, never by the clock: whoever reads without a pause must come back to the event loop. */
export function createOutputPacer(): OutputPacer {
  let left = WINDOW_BYTES;
  let isTimed = false;
  const waiting: (() => void)[] = [];

  function startWindow(): void {
    isTimed = false;
    left = Math.min(WINDOW_BYTES, left + WINDOW_BYTES); // a chunk that was larger than its turn is paid back
    while (left > 0 && waiting.length > 0) take(waiting.shift());
    if (left <= 0) awaitWindow();
  }

  function awaitWindow(): void {
    if (!isTimed) setTimeout(startWindow, WINDOW_MS);
    isTimed = true;
  }

  function take(go: (() => void) | undefined): void {
    left -= TURN_BYTES;
    awaitWindow();
    go?.();
  }

  function turn(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    if (left > 0 && waiting.length === 0) take(resolve);
    else waiting.push(resolve);
    return promise;
  }

  function charge(bytes: number): void {
    left -= Math.max(0, bytes - TURN_BYTES);
  }

  return { turn, charge };
}
