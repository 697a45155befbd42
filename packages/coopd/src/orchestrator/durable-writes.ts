import { CoopError, type Log } from "coopd-core";

/** First and longest pause between tries, ms: a full disk is freed by a person, so minutes pass, not milliseconds. */
const PAUSE_FIRST_MS = 250;
const PAUSE_MAX_MS = 30_000;

/**
 * Repeats a write while the disk is full or away, so that a running job is held and not lost; every other error passes
 * through. Ends with the signal's reason when the daemon stops: the job then goes on after the restart.
 */
export async function writeDurably<T>(write: () => Promise<T>, signal: AbortSignal, log: Log): Promise<T> {
  for (let pauseMs = PAUSE_FIRST_MS; ; pauseMs = Math.min(pauseMs * 2, PAUSE_MAX_MS)) {
    try {
      return await write();
    } catch (error) {
      const isPassing =
        error instanceof CoopError && (error.code === "disk_full" || error.code === "store_unavailable");
      if (!isPassing || signal.aborted) throw error;
      log.error("a job waits for the store", { error, retry_ms: pauseMs });
      await pause(pauseMs, signal);
    }
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", stop);
      resolve();
    }, ms);
    signal.addEventListener("abort", stop, { once: true });
  });
}
