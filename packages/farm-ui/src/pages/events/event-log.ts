import { type Signal, signal } from "@preact/signals";
import { pause, type WatchItem } from "coop-client";
import { client } from "../../data/client.ts";
import { isNumbered, type NumberedEvent } from "../../data/farm-state.ts";
import { oncePerFrame } from "../../data/frame.ts";
import { loginIfEnded } from "../../data/login.ts";

/** Rows that a page keeps; the oldest go first. */
export const ROWS_MAX = 5_000;

/** A row of the log: an event, or what is said about events that are not there. */
export type LogRow =
  | { readonly kind: "event"; readonly key: string; readonly event: NumberedEvent }
  | { readonly kind: "mark"; readonly key: string; readonly text: string; readonly isLoss: boolean };

/** What the log begins with and is asked for. */
export interface LogWish {
  /** Behind this seq. */
  readonly since: number;
  readonly types: readonly string[];
  readonly hen: string | undefined;
}

/** A log that goes on until `close`. */
export interface EventLog {
  /** The newest rows, the oldest first. */
  readonly rows: Signal<readonly LogRow[]>;
  /** Of those, rows that came while it was paused and are not in `rows`. */
  readonly held: Signal<number>;
  readonly error: Signal<unknown>;
  /** While it is paused nothing moves; what comes is held, as much as a page keeps. */
  setPaused(isPaused: boolean): void;
  close(): void;
}

/** Before the log is asked for again once the client itself has given up, ms. */
const AGAIN_MS = 2_000;

/** Follows the farm's events on a connection of its own, filtered by the daemon. */
export function openEventLog(wish: LogWish): EventLog {
  const rows = signal<readonly LogRow[]>([]);
  const held = signal(0);
  const error = signal<unknown>(undefined);
  const stop = new AbortController();
  let isPaused = false;
  let lost = 0;
  let marks = 0;
  let waiting: LogRow[] = [];
  const mark = (text: string, isLoss = true): LogRow => {
    marks += 1;
    return { kind: "mark", key: `mark ${marks}`, text, isLoss };
  };
  const apply = oncePerFrame(() => {
    if (isPaused) {
      held.value = waiting.length + lost;
      return;
    }
    if (lost > 0) waiting.unshift(mark(`${lost} events came while this was paused, and were too many to keep here`));
    lost = 0;
    rows.value = [...rows.peek(), ...waiting].slice(-ROWS_MAX);
    waiting = [];
    held.value = 0;
  });
  const take = (item: WatchItem): void => {
    const row = toRow(item, mark);
    if (row === undefined) return;
    waiting.push(row);
    if (waiting.length > ROWS_MAX) lost += waiting.splice(0, waiting.length - ROWS_MAX).length;
    apply();
  };
  void follow(wish, stop.signal, take, error);
  return {
    rows,
    held,
    error,
    setPaused(next) {
      isPaused = next;
      apply();
    },
    close: () => stop.abort(),
  };
}

function toRow(item: WatchItem, mark: (text: string, isLoss?: boolean) => LogRow): LogRow | undefined {
  if (item.type === "gap") return mark(GAP_WORDS[item.reason](item.from, item.to));
  if (item.type === "link_lost")
    return mark("the line to the farm was lost; what happens meanwhile follows when it is back");
  if (item.type === "shutting_down") return mark("the farm is shutting down", false);
  if (!isNumbered(item)) return undefined;
  return { kind: "event", key: String(item.seq), event: item };
}

const GAP_WORDS = {
  slow: (from: number, to: number) => `events ${from} to ${to} were not sent: this page did not keep up`,
  pruned: (from: number, to: number) => `events ${from} to ${to} are not kept by the farm any more`,
  reset: () => "the farm counts its events anew: it is another one, or was put back",
} as const;

async function follow(
  { since, types, hen }: LogWish,
  stop: AbortSignal,
  take: (item: WatchItem) => void,
  error: Signal<unknown>,
): Promise<void> {
  for (let last = since; !stop.aborted; ) {
    try {
      for await (const item of client.watch({
        since: last,
        hen,
        types: types.length === 0 ? undefined : types,
        signal: stop,
      })) {
        if (isNumbered(item)) last = item.seq;
        if (item.type === "gap") last = item.to;
        error.value = undefined;
        take(item);
      }
    } catch (failure) {
      loginIfEnded(failure);
      error.value = failure;
    }
    await pause(AGAIN_MS, stop);
  }
}

/** The seq behind which events of `ms` or later lie, found by halving: some twenty short looks at a million events. */
export async function findSeq(ms: number, signal: AbortSignal): Promise<number> {
  let low = 0;
  let high = (await client.farm({ signal })).event_seq ?? 0;
  while (low < high && !signal.aborted) {
    const middle = Math.floor((low + high) / 2);
    const event = await firstBehind(middle, signal);
    if (event === undefined || Date.parse(event.at) >= ms) high = middle;
    else low = event.seq;
  }
  return low;
}

/** Undefined when there is none. */
async function firstBehind(seq: number, signal: AbortSignal): Promise<NumberedEvent | undefined> {
  for await (const item of client.watch({ since: seq, reconnectMs: 0, signal })) {
    if (isNumbered(item)) return item;
  }
  return undefined;
}
