import type { FarmEvent, Store, WatchNotice } from "coopd-core";

/** An event with its JSON line. */
export interface SpreadEvent {
  readonly event: FarmEvent | WatchNotice;
  readonly line: string;
}

/** Gets several events at once, so that it can send them in one go. */
export type EventListener = (events: readonly SpreadEvent[]) => void;

/**
 * Events of this many ms are spread together. Under load there are some 1,000 commits a second, and each write to each of
 * 500 watchers costs more than making the events; 250 writes a second look the same to whoever watches.
 */
const TOGETHER_MS = 4;

/** Spreads committed events to whoever listens, in the order of `seq`; each is turned into JSON once. */
export interface EventBus {
  /** The newest `seq` that was spread; 0 before the first. */
  lastSeq(): number;
  listen(listener: EventListener): () => void;
  /** Spreads what is no row: only those who keep up just now get it. */
  notice(notice: WatchNotice): void;
  /** Spreads at once what is held back. */
  flush(): void;
}

/** Listens to the store from now on; `lastSeq` starts where the store is. */
export async function openEventBus(store: Store): Promise<EventBus> {
  const listeners = new Set<EventListener>();
  let last = 0;
  let held: SpreadEvent[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  const flush = () => {
    clearTimeout(timer);
    timer = undefined;
    const events = held;
    held = [];
    for (const { event } of events) if ("seq" in event) last = event.seq;
    for (const listener of listeners) listener(events);
  };
  const hold = (event: FarmEvent | WatchNotice, line: string) => {
    held.push({ event, line });
    timer ??= setTimeout(flush, TOGETHER_MS);
  };
  store.subscribe((events) => {
    if (listeners.size === 0 && held.length === 0) last = events.at(-1)?.seq ?? last;
    else for (const event of events) hold(event, toWatchLine(event));
  });
  const { eventSeq } = await store.counts();
  last = Math.max(last, eventSeq);
  return {
    lastSeq: () => last,
    notice: (notice) => {
      if (listeners.size > 0) hold(notice, JSON.stringify(notice));
    },
    flush,
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
