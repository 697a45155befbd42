import type { BrainChunk, Claim, JobId, LiveText } from "coopd-core";

/**
 * Kept of a run for those who come late or are slow, in UTF-16 units and in events: some 60,000 tokens, several times the
 * longest answer; with every place of a large farm (64 jobs) taken that is 32 MiB.
 */
const CHARS_MAX = 262_144;
const EVENTS_MAX = 16_384;

/** Where a reader is: the claim that the text came under, and its number there. Written `4-17`. */
export interface LivePlace {
  readonly epoch: number;
  /** Counts from 1 without gaps; 0 is before the first. */
  readonly offset: number;
}

/** What one claim of a job has said; a reader may hold it longer than the feed. */
export interface LiveRun {
  readonly epoch: number;
  /** Number of the newest event; 0 before the first. */
  last(): number;
  /** Number of the oldest event that is kept. */
  first(): number;
  /** Where the newest turn begins. */
  turnStart(): number;
  /** Events from `offset` on that are kept, at most `count`. */
  from(offset: number, count: number): readonly LiveText[];
}

/** Where a claimed job says what its brain says. */
export interface LiveSink {
  turn(turn: number): void;
  chunk(turn: number, chunk: BrainChunk): void;
}

/** What brains say just now, for whoever watches: in memory, bounded, and lost with the daemon. */
export class TokenFeed {
  readonly #runs = new Map<JobId, Run>();
  readonly #listeners = new Map<JobId, Set<() => void>>();

  /** Begins a run of the job; `end` ends it. */
  open({ job, epoch }: Pick<Claim, "job" | "epoch">): LiveSink {
    const run = new Run(epoch);
    this.#runs.set(job.id, run);
    const tell = (event: LiveText) => {
      run.add(event);
      for (const hear of this.#listeners.get(job.id) ?? []) hear();
    };
    let isSurfaced = false;
    return {
      turn(turn) {
        isSurfaced = false;
        tell({ type: "turn", turn });
      },
      chunk(turn, chunk) {
        if (chunk.type === "text" || chunk.type === "thinking") {
          isSurfaced = true;
          tell({ type: chunk.type, turn, delta: chunk.delta });
        } else if (chunk.type === "restart") {
          isSurfaced = false;
          tell({ type: "restart", turn });
        } else if (!isSurfaced) {
          // A server that does not stream says all at once.
          for (const block of chunk.response.content) {
            if (block.type === "text") tell({ type: "text", turn, delta: block.text });
          }
        }
      },
    };
  }

  /** The run is over; its readers have what is left of it. */
  end({ job, epoch }: Pick<Claim, "job" | "epoch">): void {
    if (this.#runs.get(job.id)?.epoch === epoch) this.#runs.delete(job.id);
    for (const hear of this.#listeners.get(job.id) ?? []) hear();
  }

  /** The claim under which the job runs just now; undefined while it does not. */
  run(id: JobId): LiveRun | undefined {
    return this.#runs.get(id);
  }

  /** Called whenever the job has said something, or stops running. Returns the way to stop. */
  listen(id: JobId, hear: () => void): () => void {
    const listeners = this.#listeners.get(id) ?? new Set();
    this.#listeners.set(id, listeners.add(hear));
    return () => {
      listeners.delete(hear);
      if (listeners.size === 0 && this.#listeners.get(id) === listeners) this.#listeners.delete(id);
    };
  }
}

class Run implements LiveRun {
  readonly epoch: number;
  #events: LiveText[] = [];
  /** Events before this index are not kept any more; they are cut off together, now and then. */
  #head = 0;
  #first = 1;
  #chars = 0;
  #turnStart = 1;

  constructor(epoch: number) {
    this.epoch = epoch;
  }

  add(event: LiveText): void {
    if (event.type === "turn") this.#turnStart = this.last() + 1;
    this.#events.push(event);
    this.#chars += charsOf(event);
    while (this.#chars > CHARS_MAX || this.#events.length - this.#head > EVENTS_MAX) this.#drop();
  }

  first(): number {
    return this.#first;
  }

  last(): number {
    return this.#first + this.#events.length - this.#head - 1;
  }

  turnStart(): number {
    return this.#turnStart;
  }

  from(offset: number, count: number): readonly LiveText[] {
    const at = this.#head + Math.max(0, offset - this.#first);
    return this.#events.slice(at, at + count);
  }

  #drop(): void {
    const oldest = this.#events[this.#head];
    if (oldest === undefined) return;
    this.#chars -= charsOf(oldest);
    this.#head += 1;
    this.#first += 1;
    if (this.#head < 4_096) return;
    this.#events = this.#events.slice(this.#head);
    this.#head = 0;
  }
}

function charsOf(event: LiveText): number {
  return "delta" in event ? event.delta.length : 0;
}
