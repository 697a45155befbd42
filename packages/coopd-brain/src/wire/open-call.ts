import { CoopError } from "coopd-core";

/** One try of a call: its time, and what may stop it, the caller or the deadline. */
export interface Call {
  /** Aborted by whichever comes first. */
  readonly controller: AbortController;
  /** The deadline has passed. */
  readonly isLate: boolean;
  /** Throws `cancelled` or `brain_unavailable` when the call was stopped; does nothing while it may go on. */
  refuseStopped(cause?: unknown): void;
  /** Takes the deadline and the listener away, and ends what may still be under way. */
  close(): void;
}

/** Opens a call that `signal` stops, and that may take `timeoutMs`; whoever opens it closes it. */
export function openCall(name: string, signal: AbortSignal, timeoutMs: number): Call {
  const controller = new AbortController();
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
    get isLate() {
      return isLate;
    },
    refuseStopped(cause) {
      if (signal.aborted) throw told(signal);
      if (!isLate) return;
      const text = `${name}: no whole answer came within ${timeoutMs / 1000} s`;
      throw new CoopError("brain_unavailable", text, { next: "Use a faster model or a shorter job.", cause });
    },
    close() {
      clearTimeout(timer);
      signal.removeEventListener("abort", onAbort);
      controller.abort(new Error("the call has ended"));
    },
  };
}

/** What a call that `signal` stopped ends with. */
export function told(signal: AbortSignal): CoopError {
  return new CoopError("cancelled", "the call to the brain was told to stop", { cause: signal.reason });
}
