import {
  allowCommand,
  type Clock,
  CoopError,
  type EgressFact,
  type EgressOfJob,
  type EgressRecord,
  type ErrorCode,
  type HenId,
  type JobId,
  type Log,
  type Store,
  toInstant,
} from "coopd-core";
import { DenialNotes } from "./denial-notes.ts";
import { FactWindows } from "./fact-windows.ts";
import { RowBuffer } from "./row-buffer.ts";
import { RunningJobs } from "./running-jobs.ts";

/** What keeping egress logs needs. */
export interface EgressLogParts {
  readonly store: Pick<Store, "recordEgress">;
  readonly clock: Clock;
  readonly log: Log;
}

/** Between two writes, ms: a burst of requests is one transaction, and a farmer who watches does not notice. */
const FLUSH_MS = 500;
/** Rows of one write: some ms of work, so that a commit never waits long for it. */
const WRITE_ROWS_MAX = 500;
/** Facts that wait for a disk that takes none. */
const FACTS_MAX = 10_000;

/**
 * Where the gate's and the tools' records go. Recording is a few steps in memory and never fails; rows are written together,
 * twice a second at most, with what watchers are told of them. Whoever opens it closes it, while the store is still open.
 */
export class EgressLog {
  readonly #parts: EgressLogParts;
  readonly #rows = new RowBuffer();
  readonly #windows = new FactWindows();
  readonly #notes = new DenialNotes();
  readonly #jobs = new RunningJobs();
  #facts: EgressFact[] = [];
  #lostFacts = 0;
  #isFailing = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #writing: Promise<void> = Promise.resolve();
  #isClosed = false;

  constructor(parts: EgressLogParts) {
    this.#parts = parts;
  }

  /** From now on what the hen asks for is in the name of this job, if it runs no other. Returns what ends that. */
  begin(henId: HenId, jobId: JobId): () => void {
    this.#jobs.begin(henId, jobId);
    return () => {
      this.#jobs.end(henId, jobId);
      this.#notes.take(jobId);
    };
  }

  record(record: EgressRecord): void {
    const next = record.verdict === "denied" ? allowCommand(record.hen_id, record) : null;
    const row: EgressOfJob = { ...record, job_id: this.#jobs.only(record.hen_id), next };
    this.#rows.add(row);
    this.#notes.add(row);
    const fact = this.#windows.add(row, this.#parts.clock.nowMs());
    if (fact !== undefined) this.#tell(fact);
    this.#arm();
  }

  /** Lines for the job's journal: what was denied in its name since this was last asked. */
  takeNotes(jobId: JobId): readonly string[] {
    return this.#notes.take(jobId);
  }

  /** Resolves when everything that was recorded so far is in the store, or the store has refused it. */
  flush(): Promise<void> {
    this.#writing = this.#writing.then(() => this.#write());
    return this.#writing;
  }

  /** Writes what is left; what is recorded later is not kept. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    for (const fact of this.#windows.close(Number.POSITIVE_INFINITY)) this.#tell(fact);
    await this.flush();
  }

  #tell(fact: EgressFact): void {
    if (this.#facts.length < FACTS_MAX) this.#facts.push(fact);
    else this.#lostFacts += 1;
  }

  #arm(): void {
    if (this.#timer !== undefined || this.#isClosed) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.flush();
    }, FLUSH_MS);
  }

  async #write(): Promise<void> {
    const { store, clock, log } = this.#parts;
    for (const fact of this.#windows.close(clock.nowMs())) this.#tell(fact);
    const batch = { rows: this.#rows.take(), facts: this.#facts.splice(0) };
    let written = 0;
    try {
      while (written < batch.rows.length || batch.facts.length > 0) {
        const entries = batch.rows.slice(written, written + WRITE_ROWS_MAX);
        // The facts go with the first rows, so that who hears of an event finds its row.
        await store.recordEgress({ entries, facts: batch.facts, at: toInstant(clock.nowMs()) });
        written += entries.length;
        batch.facts = [];
      }
      if (this.#isFailing) log.info("egress is recorded again");
      this.#isFailing = false;
    } catch (error) {
      this.#onFailure(error, batch.rows.slice(written), batch.facts);
    }
    if (this.#lostFacts > 0) log.warn("egress events were not told: too many at once", { count: this.#lostFacts });
    this.#lostFacts = 0;
    if (this.#rows.size > 0 || this.#windows.isOpen) this.#arm();
  }

  /** A disk that takes nothing just now is asked again, within the bounds of memory; what the store refuses is lost, and said. */
  #onFailure(error: unknown, rows: readonly EgressOfJob[], facts: readonly EgressFact[]): void {
    const { log } = this.#parts;
    const isPassing = error instanceof CoopError && PASSING.includes(error.code) && !this.#isClosed;
    if (!isPassing) {
      log.error("egress could not be recorded", { error, rows: rows.length, facts: facts.length });
      return;
    }
    if (!this.#isFailing) log.warn("egress waits to be recorded", { error });
    this.#isFailing = true;
    for (const row of rows) this.#rows.add(row);
    const later = this.#facts.splice(0);
    for (const fact of [...facts, ...later]) this.#tell(fact);
  }
}

const PASSING: readonly ErrorCode[] = ["disk_full", "store_unavailable"];
