import type { Database } from "bun:sqlite";
import type { FarmEvent } from "coopd-core";
import { type Answer, type TimedCall, toWireError } from "../calls/messages.ts";
import type { WriteName } from "../calls/names.ts";
import { endsTransaction, toStoreError } from "../database/sqlite-errors.ts";
import type { Statements } from "../database/statements.ts";
import { insertEvent } from "../events/event-row.ts";
import { setAside } from "../quarantine/set-aside.ts";
import { DamagedRow } from "../rows/damaged-row.ts";
import type { WriteScope } from "../rows/scope.ts";
import { WRITES } from "./operations.ts";

/** What became of a batch. */
export interface BatchOutcome {
  readonly answers: readonly Answer[];
  readonly events: readonly FarmEvent[];
  /** Rows that were moved to the quarantine, as text for the log. */
  readonly setAside: readonly string[];
  readonly isDurable: boolean;
  /** Operations that changed something. */
  readonly wrote: number;
}

/**
 * Runs operations in one transaction, each in a savepoint of its own: one that is refused leaves the others alone. When
 * the transaction itself fails, none of them has happened and each is refused with the same error.
 */
export function runBatch(
  db: Database,
  sql: Statements,
  calls: readonly TimedCall[],
  damaged: readonly DamagedRow[],
  nowMs: number,
): BatchOutcome {
  const batch = new Batch(sql);
  try {
    sql.run("BEGIN IMMEDIATE");
    for (const row of damaged) batch.setAside(row, nowMs);
    for (const call of calls) batch.run(call);
    sql.run("COMMIT");
    return batch.outcome();
  } catch (error) {
    if (db.inTransaction) sql.run("ROLLBACK");
    const refusal = toWireError(toStoreError(error));
    const answers = calls.map(({ id }) => ({ id, error: refusal }));
    return { answers, events: [], setAside: [], isDurable: false, wrote: 0 };
  }
}

class Batch {
  readonly #sql: Statements;
  readonly #answers: Answer[] = [];
  readonly #events: FarmEvent[] = [];
  readonly #setAside: string[] = [];
  #wrote = 0;

  constructor(sql: Statements) {
    this.#sql = sql;
  }

  outcome(): BatchOutcome {
    return {
      answers: this.#answers,
      events: this.#events,
      setAside: this.#setAside,
      isDurable: true,
      wrote: this.#wrote,
    };
  }

  run({ id, name, args, nowMs }: TimedCall): void {
    const write = WRITES[name as WriteName] as (scope: WriteScope, ...args: readonly unknown[]) => unknown;
    try {
      this.#answers.push({ id, value: this.#runUntilSound((scope) => write(scope, ...args), nowMs) });
      this.#wrote += 1;
    } catch (error) {
      if (endsTransaction(error)) throw error;
      this.#answers.push({ id, error: toWireError(toStoreError(error)) });
    }
  }

  /** False when the row is gone already: two reads may meet the same one. */
  setAside(row: DamagedRow, nowMs: number): boolean {
    if (!this.#inSavepoint((scope) => setAside(scope, row), nowMs)) return false;
    this.#setAside.push(`${row.table} ${row.key}: ${row.reason}`);
    this.#wrote += 1;
    return true;
  }

  /**
   * An operation that meets a damaged row is undone, the row is set aside, and the operation runs without it. Each round
   * takes a row away, so it ends; a row that is not there was made by the operation itself, which is a mistake of Coop.
   */
  #runUntilSound(write: (scope: WriteScope) => unknown, nowMs: number): unknown {
    for (;;) {
      try {
        return this.#inSavepoint(write, nowMs);
      } catch (error) {
        if (!(error instanceof DamagedRow) || !this.setAside(error, nowMs)) throw error;
      }
    }
  }

  #inSavepoint<Value>(work: (scope: WriteScope) => Value, nowMs: number): Value {
    const events: FarmEvent[] = [];
    const sql = this.#sql;
    sql.run("SAVEPOINT operation");
    try {
      const value = work({ sql, nowMs, emit: (fact, atMs) => events.push(insertEvent({ sql }, fact, atMs)) });
      sql.run("RELEASE operation");
      this.#events.push(...events);
      return value;
    } catch (error) {
      if (!endsTransaction(error)) {
        sql.run("ROLLBACK TO operation");
        sql.run("RELEASE operation");
      }
      throw error;
    }
  }
}
