import { CoopError } from "coopd-core";

/** One call's time, and what may stop it: the caller or the deadline. */
export interface Call {
  /** Aborted by whichever comes first. */
  readonly controller: AbortController;
  /** Since the call was opened, in whole milliseconds. */
  elapsedMs(): number;
  /** Throws `cancelled` or `brain_unavailable` when the call was stopped; does nothing while it may go on. */
  refuseStopped(cause?: unknown): void;
  /** Takes the deadline and the listener away; the call itself must have ended. */
  close(): void;
}

/** Opens a call that `signal` stops, and that may take `timeoutMs`; whoever opens it closes it. */
export function openCall(signal: AbortSignal, timeoutMs: number): Call {
  const controller = new AbortController();
  const startedMs = performance.now();
  let isLate = false;
  const onAbort = () => controller.abort(signal.reason);
  const timer = setTimeout(() => {
    isLate = true;
    controller.abort(new Error("the deadline has passed"));
  }, timeoutMs);
  if (signal.aborted) onAbort();
  else signal.addEventListener("abort", onAbort, { once: true });
  return {
    controller,
    elapsedMs: () => Math.round(performance.now() - startedMs),
    refuseStopped(cause) {
      if (signal.aborted) {
        throw new CoopError("cancelled", "the call to the brain was told to stop", { cause: cause ?? signal.reason });
      }
      if (!isLate) return;
      const text = `openai-compat: no whole answer came within ${timeoutMs / 1000} s`;
      throw new CoopError("brain_unavailable", text, { next: "Use a faster model or a shorter job.", cause });
    },
    close() {
      clearTimeout(timer);
      signal.removeEventListener("abort", onAbort);
    },
  };
}
