import type { FarmEvent, Store, WatchNotice } from "coopd-core";

/** Gets each event with its JSON line. */
export type EventListener = (event: FarmEvent | WatchNotice, line: string) => void;

/** Spreads committed events to whoever listens, in the order of `seq`; each is turned into JSON once. */
export interface EventBus {
  /** The newest `seq` that was spread; 0 before the first. */
  lastSeq(): number;
  listen(listener: EventListener): () => void;
  /** Spreads what is no row: only those who keep up just now get it. */
  notice(notice: WatchNotice): void;
}

/** Listens to the store from now on; `lastSeq` starts where the store is. */
export async function openEventBus(store: Store): Promise<EventBus> {
  const listeners = new Set<EventListener>();
  let last = 0;
  store.subscribe((events) => {
    for (const event of events) {
      last = event.seq;
      const line = listeners.size === 0 ? "" : toWatchLine(event);
      for (const listener of listeners) listener(event, line);
    }
  });
  const { eventSeq } = await store.counts();
  last = Math.max(last, eventSeq);
  return {
    lastSeq: () => last,
    notice: (notice) => {
      const line = JSON.stringify(notice);
      for (const listener of listeners) listener(notice, line);
    },
    listen: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** Compact JSON with `type` first: scripts look for `"type":"hen_created"` (contract/http-api.md §5.1). */
export function toWatchLine(event: FarmEvent): string {
  const { type, ...rest } = event;
  return JSON.stringify({ type, ...rest });
}
