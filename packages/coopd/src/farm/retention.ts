import { type Clock, EGRESS_KEEP_MS, type Log, type Pruned, type Store, toInstant } from "coopd-core";

/** What keeping the store small needs. */
export interface RetentionParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
}

const EVENTS_MS = 30 * 86_400_000;
const EVENTS_MAX = 1_000_000;
/** Things are kept for days; an hour more or less is nothing. */
const SWEEP_MS = 3_600_000;

/** Removes what is not kept any longer, every hour. Returns the way to stop it, also in the middle of a sweep. */
export function startRetention(parts: RetentionParts): () => void {
  const stop = new AbortController();
  const timer = setInterval(() => {
    sweep(parts, stop.signal).catch((error) => parts.log.warn("old rows could not be removed", { error }));
  }, SWEEP_MS);
  return () => {
    stop.abort();
    clearInterval(timer);
  };
}

/** One sweep, batch by batch, each a transaction of its own that others come in between. @returns what is gone */
export async function sweep(
  { store, clock, log }: RetentionParts,
  signal: AbortSignal,
): Promise<Omit<Pruned, "isDone">> {
  const sum = { events: 0, jobs: 0, keys: 0, egress: 0 };
  const at = toInstant(clock.nowMs());
  for (let isDone = false; !isDone && !signal.aborted; ) {
    const batch = await store.prune({ at, eventsMs: EVENTS_MS, eventsMax: EVENTS_MAX, egressMs: EGRESS_KEEP_MS });
    sum.events += batch.events;
    sum.jobs += batch.jobs;
    sum.keys += batch.keys;
    sum.egress += batch.egress;
    isDone = batch.isDone;
  }
  if (sum.events + sum.jobs + sum.keys + sum.egress > 0) log.info("old rows were removed", sum);
  return sum;
}
