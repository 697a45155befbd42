import type { CoopClient } from "coop-client";
import { CoopError, type JournalEntry, type LiveEvent } from "coopd-core";

/** An entry of the journal, or what the brain says just now. */
export type FollowItem = { readonly entry: JournalEntry } | { readonly live: LiveEvent };

export interface FollowLiveParts {
  readonly client: CoopClient;
  readonly jobId: string;
  /** Ends the iteration without an error. */
  readonly signal: AbortSignal;
  /** Follows the journal until the signal is aborted. */
  readonly journal: (signal: AbortSignal) => AsyncIterable<JournalEntry>;
}

/**
 * The journal as it is followed, and between its entries what the job's brain says. It ends when the journal does; what can
 * only be heard live may be missing, as with a daemon that has no streams, and then the journal has it later.
 * @throws CoopError what following the journal throws
 */
export async function* followLive(parts: FollowLiveParts): AsyncGenerator<FollowItem> {
  const stop = new AbortController();
  const signal = AbortSignal.any([parts.signal, stop.signal]);
  const entries = parts.journal(signal)[Symbol.asyncIterator]();
  const events = quietly(parts.client.jobs.live(parts.jobId, { signal }));
  let entry: Promise<Turned<JournalEntry>> | undefined;
  let event: Promise<Turned<LiveEvent>> | undefined = turn("live", events.next());
  try {
    for (;;) {
      entry ??= turn("entry", entries.next());
      const next = await Promise.race(event === undefined ? [entry] : [entry, event]);
      if (next.from === "entry") {
        if (next.result.done === true) return;
        entry = undefined;
        yield { entry: next.result.value as JournalEntry };
      } else if (next.result.done === true) event = undefined;
      else {
        event = turn("live", events.next());
        yield { live: next.result.value as LiveEvent };
      }
    }
  } finally {
    stop.abort(); // else what is waited for would come first
    await Promise.allSettled([entries.return?.(), events.return(undefined)]);
  }
}

interface Turned<Item> {
  readonly from: "entry" | "live";
  readonly result: IteratorResult<Item, unknown>;
}

function turn<Item>(from: Turned<Item>["from"], next: Promise<IteratorResult<Item, unknown>>): Promise<Turned<Item>> {
  const turned = next.then((result) => ({ from, result }));
  turned.catch(() => undefined); // whoever waits for it hears of it; when all is over nobody does
  return turned;
}

/** Ends where it would fail: the journal, which is followed at the same time, says why. */
async function* quietly(events: AsyncIterable<LiveEvent>): AsyncGenerator<LiveEvent, undefined> {
  try {
    yield* events;
  } catch (error) {
    if (!(error instanceof CoopError)) throw error;
  }
}
