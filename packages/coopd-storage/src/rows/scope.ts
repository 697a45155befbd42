import { type FarmFact, PAGE_MAX } from "coopd-core";
import type { Statements } from "../database/statements.ts";
import { DamagedRow } from "./damaged-row.ts";

/** What every operation works with. */
export interface Scope {
  readonly sql: Statements;
}

/** What an operation that reads works with. */
export interface ReadScope extends Scope {
  /** Has a row that cannot be read moved to the quarantine by the next commit. */
  setAside(row: DamagedRow): void;
}

/**
 * What an operation that writes works with: its own savepoint in the batch's transaction. When it throws a DamagedRow it is
 * rolled back, the row is moved to the quarantine, and it runs again.
 */
export interface WriteScope extends Scope {
  /** When the call was made, milliseconds since 1970; only for what has no instant of its own. */
  readonly nowMs: number;
  /** Adds an event behind the last; it is delivered when the batch is durable. */
  emit(fact: FarmFact, atMs: number): void;
}

/** How a listing goes on where a damaged row left a gap. */
export interface RowSource<Row, Value> {
  /** The next rows in order, strictly behind `last`, at most `limit`. */
  readonly fetch: (last: Row | undefined, limit: number) => readonly Row[];
  /** @throws DamagedRow */
  readonly decode: (row: Row) => Value;
}

/** What a caller asked for as a number of rows: a whole number from 0 to PAGE_MAX. */
export function toRowLimit(asked: number): number {
  return Number.isNaN(asked) ? 0 : Math.max(0, Math.min(PAGE_MAX, Math.floor(asked)));
}

/**
 * Reads up to `limit` sound rows. Damaged ones are set aside and others take their places, so a page that is not full is
 * still the last one.
 */
export function readRows<Row, Value>(scope: ReadScope, limit: number, source: RowSource<Row, Value>): Value[] {
  const values: Value[] = [];
  let last: Row | undefined;
  while (values.length < limit) {
    const asked = limit - values.length;
    const rows = source.fetch(last, asked);
    for (const row of rows) {
      const value = readOrSetAside(scope, () => source.decode(row));
      if (value !== undefined) values.push(value);
    }
    if (rows.length < asked) break;
    last = rows.at(-1);
  }
  return values;
}

/** The value of one row, or undefined when it was damaged and is set aside. */
export function readOrSetAside<Value>(scope: ReadScope, read: () => Value): Value | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof DamagedRow)) throw error;
    scope.setAside(error);
    return undefined;
  }
}
