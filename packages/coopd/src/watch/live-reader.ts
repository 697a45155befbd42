import type { JobId, LiveEvent, LiveText } from "coopd-core";
import type { LivePlace, LiveRun, TokenFeed } from "./token-feed.ts";

/** An event and the place that a reader has reached with it; a gap and the end have none. */
export interface PlacedEvent {
  readonly event: LiveEvent;
  readonly place: LivePlace | undefined;
}

/** Taken at a time; what was said together is told together, so a slow reader gets few large pieces. */
const TAKEN_MAX = 512;

/**
 * One reader of what a job says. Without a place it begins with the turn under way; with one, behind it. It holds the run
 * that it reads, so that what was said last is not lost to it when the job ends.
 */
export class LiveReader {
  readonly #feed: TokenFeed;
  readonly #id: JobId;
  #run: LiveRun | undefined;
  #place: LivePlace | undefined;

  constructor(feed: TokenFeed, id: JobId, place: LivePlace | undefined) {
    this.#feed = feed;
    this.#id = id;
    this.#place = place;
  }

  /** What was said since the last time; empty when nothing was. */
  take(): readonly PlacedEvent[] {
    const now = this.#feed.run(this.#id);
    const gap = this.#enter(this.#isDrained() ? (now ?? this.#run) : (this.#run ?? now));
    const events = this.#read();
    return gap === undefined ? events : [{ event: gap, place: undefined }, ...events];
  }

  #isDrained(): boolean {
    return this.#run === undefined || (this.#place?.offset ?? 0) >= this.#run.last();
  }

  /** Begins with a run; says what is missing between the place that was reached and it. */
  #enter(run: LiveRun | undefined): LiveEvent | undefined {
    if (run === undefined || run === this.#run) return this.#skipDropped();
    const former = this.#place;
    const isFirst = this.#run === undefined;
    this.#run = run;
    const isKnown = former?.epoch === run.epoch && former.offset <= run.last();
    if (isKnown) return this.#skipDropped();
    this.#place = { epoch: run.epoch, offset: run.turnStart() - 1 };
    // A reader that has seen all of the former run misses nothing when the next begins.
    const isComplete = former === undefined || (!isFirst && former.epoch !== run.epoch && run.turnStart() === 1);
    const dropped = this.#skipDropped();
    return isComplete ? dropped : { type: "gap", reason: "rerun" };
  }

  #skipDropped(): LiveEvent | undefined {
    const [run, place] = [this.#run, this.#place];
    if (run === undefined || place === undefined || place.offset + 1 >= run.first()) return undefined;
    this.#place = { epoch: run.epoch, offset: run.first() - 1 };
    return { type: "gap", reason: "slow" };
  }

  #read(): readonly PlacedEvent[] {
    const [run, place] = [this.#run, this.#place];
    if (run === undefined || place === undefined) return [];
    const taken = run.from(place.offset + 1, TAKEN_MAX);
    const events: { event: LiveText; place: LivePlace }[] = [];
    for (const [index, event] of taken.entries()) {
      const at = { epoch: run.epoch, offset: place.offset + 1 + index };
      const last = events.at(-1);
      if (last !== undefined && "delta" in last.event && "delta" in event && isSame(last.event, event)) {
        last.event = { ...event, delta: last.event.delta + event.delta };
        last.place = at;
      } else events.push({ event, place: at });
    }
    this.#place = { epoch: run.epoch, offset: place.offset + taken.length };
    return events;
  }
}

function isSame(a: LiveText, b: LiveText): boolean {
  return a.type === b.type && a.turn === b.turn;
}
