import { readShape, type Shape, ShapeFault } from "./shape.ts";

/** The tables whose rows hold JSON, and so can be damaged on their own. */
export type JsonTable = "hens" | "jobs" | "journal" | "episodes" | "tasks" | "events" | "egress";

/** A row that cannot be read. Whoever reads catches it, sets the row aside and goes on with the next. */
export class DamagedRow extends Error {
  override readonly name = "DamagedRow";
  readonly table: JsonTable;
  /** The wire id; for a journal entry `<job id>:<seq>`, for a row of an egress log `<hen id>:<seq>`. */
  readonly key: string;
  readonly reason: string;

  constructor(table: JsonTable, key: string, reason: string) {
    super(`${table} ${key} ${reason}`);
    this.table = table;
    this.key = key;
    this.reason = reason;
  }
}

/** The body of a row, checked. @throws DamagedRow naming the row */
export function readBody<Value>(table: JsonTable, key: string, body: string, shape: Shape): Value {
  try {
    return readShape(body, shape) as Value;
  } catch (error) {
    if (error instanceof ShapeFault) throw new DamagedRow(table, key, error.message);
    throw error;
  }
}
