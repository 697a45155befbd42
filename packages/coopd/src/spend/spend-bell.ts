/**
 * Rung whenever a call has ended and its reservation is settled, so that a call that waits for room looks again. Nothing
 * polls.
 */
export class SpendBell {
  #count = 0;
  #next = Promise.withResolvers<void>();

  /** To be taken before the ceilings are looked at and given to {@link after}. */
  mark(): number {
    return this.#count;
  }

  ring(): void {
    this.#count += 1;
    this.#next.resolve();
    this.#next = Promise.withResolvers();
  }

  /** Resolves once it was rung behind the mark. @throws the signal's reason */
  async after(mark: number, signal: AbortSignal): Promise<void> {
    if (this.#count !== mark) return;
    signal.throwIfAborted();
    const aborted = Promise.withResolvers<never>();
    const stop = () => aborted.reject(signal.reason);
    signal.addEventListener("abort", stop, { once: true });
    try {
      await Promise.race([this.#next.promise, aborted.promise]);
    } finally {
      signal.removeEventListener("abort", stop);
    }
  }
}
