import type { FarmEvent, Store, WatchNotice } from "coopd-core";

/** An event with its JSON line. */
export interface SpreadEvent {
  readonly event: FarmEvent | WatchNotice;
  readonly line: string;
}

/** Gets all events of one commit at once, so that it can send them in one go. */
export type EventListener = (events: readonly SpreadEvent[]) => void;

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
    last = events.at(-1)?.seq ?? last;
    if (listeners.size === 0) return;
    const spread = events.map((event) => ({ event, line: toWatchLine(event) }));
    for (const listener of listeners) listener(spread);
  });
  const { eventSeq } = await store.counts();
  last = Math.max(last, eventSeq);
  return {
    lastSeq: () => last,
    notice: (notice) => {
      const spread = [{ event: notice, line: JSON.stringify(notice) }];
      for (const listener of listeners) listener(spread);
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
