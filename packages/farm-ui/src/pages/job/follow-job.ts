import { batch, type Signal, signal } from "@preact/signals";
import { pause } from "coop-client";
import { CoopError, isEnded, type Job, type JournalEntry, type LiveEvent } from "coopd-core";
import { client } from "../../data/client.ts";
import { onFarmItem } from "../../data/follow-farm.ts";
import { atMostEvery, oncePerFrame } from "../../data/frame.ts";
import { loginIfEnded } from "../../data/login.ts";

/** What a turn under way has said so far. */
export interface LiveTurn {
  readonly text: string;
  readonly thinking: string;
  /** Its beginning is not kept any more; the journal has the whole once the turn is done. */
  readonly isCut: boolean;
}

/** A job as it is and as it goes on. */
export interface FollowedJob {
  readonly job: Signal<Job | undefined>;
  /** Its journal so far, each entry once, in order. */
  readonly entries: Signal<readonly JournalEntry[]>;
  /** Turns that are not in the journal yet, by number. */
  readonly live: Signal<ReadonlyMap<number, LiveTurn>>;
  /** Why it could not be read; undefined once it could. */
  readonly error: Signal<unknown>;
  /** True when the journal is longer than a page can hold. */
  readonly isTooLong: Signal<boolean>;
  readonly reload: () => void;
  readonly close: () => void;
}

/** The least time between two readings, ms. */
const REST_MS = 250;
/** Before a stream that was refused or lost for good is asked for again, ms. */
const STREAM_AGAIN_MS = 2_000;
/** Entries and characters of text that a page holds: some 200 MB with what is made of them. */
const ENTRIES_MAX = 50_000;
const CHARS_MAX = 64 * 1024 * 1024;
/** Of a turn under way; the daemon keeps no more either. */
const LIVE_CHARS_MAX = 262_144;
const NOTHING: LiveTurn = { text: "", thinking: "", isCut: false };

/**
 * Follows one job until `close`: its row and journal are read when something tells that they are others, what its brain says
 * comes on the job's own stream. Whatever the journal has is taken from there, so nothing is shown twice, and what was only said
 * is dropped when it is void.
 */
export function followJob(id: string): FollowedJob {
  const follower = new Follower(id);
  follower.start();
  return follower;
}

class Follower implements FollowedJob {
  readonly job = signal<Job | undefined>(undefined);
  readonly entries = signal<readonly JournalEntry[]>([]);
  readonly live = signal<ReadonlyMap<number, LiveTurn>>(new Map());
  readonly error = signal<unknown>(undefined);
  readonly isTooLong = signal(false);
  readonly #id: string;
  readonly #stop = new AbortController();
  #arrived: LiveEvent[] = [];
  #chars = 0;
  /** Turns whose answer is among the entries. */
  readonly #whole = new Set<number>();
  #isStreaming = false;
  #unlisten: (() => void) | undefined;

  constructor(id: string) {
    this.#id = id;
  }

  start(): void {
    this.#unlisten = onFarmItem((item) => {
      const isOurs = "job_id" in item && item.job_id === this.#id;
      if (isOurs || item.type === "link_opened" || item.type === "gap") this.reload();
    });
    this.reload();
  }

  readonly close = (): void => {
    this.#unlisten?.();
    this.#stop.abort();
  };

  readonly reload = atMostEvery(REST_MS, async () => {
    const { signal: stop } = this.#stop;
    if (stop.aborted) return;
    try {
      const job = await client.jobs.get(this.#id, { signal: stop }); // before its journal: an ended one's is whole then
      const fresh = await this.#readEntries();
      if (stop.aborted) return;
      batch(() => {
        this.error.value = undefined;
        this.job.value = job;
        if (fresh.length > 0) this.entries.value = [...this.entries.peek(), ...fresh];
        for (const entry of fresh) if (entry.kind === "brain.response") this.#whole.add(entry.turn);
        this.#dropWhole(isEnded(job.status));
      });
      if (!isEnded(job.status)) void this.#stream();
    } catch (error) {
      if (stop.aborted) return;
      loginIfEnded(error);
      this.error.value = error;
    }
  });

  async #readEntries(): Promise<readonly JournalEntry[]> {
    const known = this.entries.peek();
    const fresh: JournalEntry[] = [];
    const after = known.at(-1)?.seq ?? 0;
    for await (const entry of client.jobs.journal(this.#id, { after, signal: this.#stop.signal })) {
      if (known.length + fresh.length >= ENTRIES_MAX || this.#chars > CHARS_MAX) {
        this.isTooLong.value = true;
        break;
      }
      this.#chars += sizeOf(entry);
      fresh.push(entry);
    }
    return fresh;
  }

  /** What the journal has is not shown from the stream any more. */
  #dropWhole(isOver: boolean): void {
    const live = this.live.peek();
    if (live.size === 0) return;
    const left = isOver ? [] : [...live].filter(([turn]) => !this.#whole.has(turn));
    if (left.length !== live.size) this.live.value = new Map(left);
  }

  async #stream(): Promise<void> {
    if (this.#isStreaming) return;
    this.#isStreaming = true;
    const { signal: stop } = this.#stop;
    while (!stop.aborted) {
      try {
        for await (const event of client.jobs.live(this.#id, { signal: stop })) {
          this.#arrived.push(event);
          this.#apply();
          if (event.type === "end") {
            this.#isStreaming = false;
            return this.reload();
          }
        }
      } catch (error) {
        if (error instanceof CoopError && ["job_not_found", "not_found"].includes(error.code)) return;
      }
      await pause(STREAM_AGAIN_MS, stop);
    }
  }

  readonly #apply = oncePerFrame(() => {
    const live = new Map(this.live.peek());
    for (const event of this.#arrived.splice(0)) {
      if (event.type === "end") continue;
      if (event.type === "gap") {
        if (event.reason === "rerun") live.clear();
        else for (const [turn] of live) live.set(turn, { ...NOTHING, isCut: true });
        this.reload();
      } else if (!this.#whole.has(event.turn)) {
        live.set(event.turn, heard(live.get(event.turn) ?? NOTHING, event));
        if (event.type === "turn") this.reload(); // the turn before it is in the journal now
      }
    }
    this.live.value = live;
  });
}

function heard(before: LiveTurn, event: Exclude<LiveEvent, { type: "gap" | "end" }>): LiveTurn {
  if (event.type === "turn" || event.type === "restart") return NOTHING;
  const said = before[event.type] + event.delta;
  if (said.length <= LIVE_CHARS_MAX) return { ...before, [event.type]: said };
  return { ...before, [event.type]: said.slice(-LIVE_CHARS_MAX), isCut: true };
}

function sizeOf(entry: JournalEntry): number {
  if (entry.kind === "tool.result") return entry.content.length;
  if (entry.kind === "brain.response" || entry.kind === "tool.intent") return JSON.stringify(entry).length;
  return 200;
}
