import { CoopError, isEnded, type Job, type JobId, type Store } from "coopd-core";

/** Waits for the ends of jobs by the store's events; nothing polls. */
export interface JobEnds {
  /**
   * The job once it has ended, at once when it has already.
   * @throws CoopError `job_not_found`, also when its hen is deleted meanwhile; the signal's reason
   */
  wait(id: JobId, signal: AbortSignal): Promise<Job>;
  /** Called with every job that ends. Returns the way to stop. */
  listen(listener: (id: JobId) => void): () => void;
}

/** Listens to the store from now on. */
export function createJobEnds(store: Store): JobEnds {
  const waiting = new Map<JobId, Set<() => void>>();
  const listeners = new Set<(id: JobId) => void>();
  const wake = (id: JobId) => {
    for (const look of waiting.get(id) ?? []) look();
  };
  store.subscribe((events) => {
    for (const event of events) {
      if (event.type === "hen_deleted") for (const id of waiting.keys()) wake(id); // its jobs went without a word
      if (event.type !== "job_status_changed" || !isEnded(event.status)) continue;
      wake(event.job_id);
      for (const listener of listeners) listener(event.job_id);
    }
  });

  /** Resolves at the next sign of the job; to be made before the job is read, so that its end cannot slip in between. */
  function nextSign(id: JobId, signal: AbortSignal) {
    const sign = Promise.withResolvers<void>();
    const stop = () => sign.reject(signal.reason);
    const looks = waiting.get(id) ?? new Set();
    waiting.set(id, looks.add(sign.resolve));
    signal.addEventListener("abort", stop, { once: true });
    sign.promise.catch(() => undefined); // whoever waits for it hears of it
    return {
      sign: sign.promise,
      forget: () => {
        signal.removeEventListener("abort", stop);
        looks.delete(sign.resolve);
        if (looks.size === 0) waiting.delete(id);
      },
    };
  }

  return {
    async wait(id, signal) {
      for (;;) {
        signal.throwIfAborted();
        const { sign, forget } = nextSign(id, signal);
        try {
          const job = await store.job(id);
          if (job === undefined) throw new CoopError("job_not_found", `job ${id} is gone: its hen was deleted`);
          if (isEnded(job.status)) return job;
          await sign;
        } finally {
          forget();
        }
      }
    },
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
