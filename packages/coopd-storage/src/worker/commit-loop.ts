import type { Database } from "bun:sqlite";
import type { FarmEvent } from "coopd-core";
import {
  type Answer,
  type Call,
  type FromWorker,
  type TimedCall,
  toWireError,
  type WorkerCounts,
} from "../calls/messages.ts";
import type { ReadName } from "../calls/names.ts";
import { toStoreError } from "../database/sqlite-errors.ts";
import { Statements } from "../database/statements.ts";
import type { DamagedRow } from "../rows/damaged-row.ts";
import type { ReadScope } from "../rows/scope.ts";
import { READS } from "./operations.ts";
import { type BatchOutcome, runBatch } from "./run-batch.ts";

/** Writes in one transaction: 2,000 of some 50 µs keep a commit near 100 ms, and no reader waits longer for its turn. */
const WRITES_PER_COMMIT = 2_000;
/** Reads between two commits, so that a flood of listings does not hold up what must become durable. */
const READS_PER_TURN = 64;

/**
 * The worker's only loop. Everything that arrived while it was busy is taken at once: reads are answered from the last
 * commit, then all writes go into one transaction, and their answers leave when it is durable (group commit). So the
 * number of writes a second is not the number of flushes the disk can do.
 */
export class CommitLoop {
  readonly #db: Database;
  readonly #sql: Statements;
  readonly #post: (message: FromWorker) => void;
  readonly #damaged: DamagedRow[] = [];
  #reads: Call[] = [];
  #writes: TimedCall[] = [];
  #isScheduled = false;
  #afterLast: (() => void) | undefined;
  #nowMs = 0;
  #counts: WorkerCounts = { commits: 0, writes: 0, reads: 0, batchMax: 0 };

  constructor(db: Database, post: (message: FromWorker) => void) {
    this.#db = db;
    this.#sql = new Statements(db);
    this.#post = post;
  }

  accept(nowMs: number, calls: readonly Call[]): void {
    this.#nowMs = nowMs;
    for (const call of calls) {
      if (Object.hasOwn(READS, call.name)) this.#reads.push(call);
      else this.#writes.push({ ...call, nowMs });
    }
    this.#schedule();
  }

  /** Runs `then` when everything that was accepted is answered; statements are released before. */
  finish(then: () => void): void {
    this.#afterLast = then;
    this.#schedule();
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    // Behind every message that has arrived by now: those join this turn.
    setImmediate(() => {
      this.#isScheduled = false;
      this.#turn();
    });
  }

  #turn(): void {
    this.#answerReads();
    this.#commitWrites();
    if (this.#reads.length + this.#writes.length > 0) {
      this.#schedule();
      return;
    }
    if (this.#afterLast === undefined) return;
    this.#sql.finalize();
    this.#afterLast();
  }

  #answerReads(): void {
    const calls = this.#reads.splice(0, READS_PER_TURN);
    if (calls.length === 0) return;
    const scope: ReadScope = { sql: this.#sql, setAside: (row) => this.#damaged.push(row) };
    const answers = calls.map((call) => this.#answerRead(scope, call));
    this.#counts = { ...this.#counts, reads: this.#counts.reads + calls.length };
    this.#reply(answers);
  }

  #answerRead(scope: ReadScope, { id, name, args }: Call): Answer {
    try {
      const read = READS[name as ReadName] as (scope: ReadScope, ...args: readonly unknown[]) => unknown;
      return { id, value: read(scope, ...args) };
    } catch (error) {
      return { id, error: toWireError(toStoreError(error)) };
    }
  }

  #commitWrites(): void {
    const calls = this.#writes.splice(0, WRITES_PER_COMMIT);
    const damaged = this.#damaged.splice(0);
    if (calls.length + damaged.length === 0) return;
    const outcome = runBatch(this.#db, this.#sql, calls, damaged, this.#nowMs);
    if (outcome.isDurable) this.#count(outcome, calls.length);
    this.#reply(outcome.answers, outcome.events, outcome.setAside);
  }

  #count({ wrote }: BatchOutcome, size: number): void {
    const { commits, writes, reads, batchMax } = this.#counts;
    this.#counts = {
      commits: commits + (wrote > 0 ? 1 : 0),
      writes: writes + wrote,
      reads,
      batchMax: Math.max(batchMax, size),
    };
  }

  #reply(answers: readonly Answer[], events: readonly FarmEvent[] = [], setAside: readonly string[] = []): void {
    this.#post({ kind: "answers", answers, events, setAside, counts: this.#counts });
  }
}
