import { Database } from "bun:sqlite";
import type { HenId } from "coopd-core";
import { findFaults } from "../consistency/find-faults.ts";
import { writeSnapshot } from "../database/snapshot.ts";
import { Statements } from "../database/statements.ts";
import { measureStore, type StoreMeasures } from "./measure-store.ts";

/** What is done on a connection of its own, beside the one that commits: it sees one moment, and holds up nobody. */
export type SideTask =
  | { readonly kind: "snapshot"; readonly path: string; readonly to: string }
  | { readonly kind: "inspect"; readonly path: string };

/** What a snapshot holds, as far as a backup asks. */
export interface SnapshotFacts {
  readonly schemaVersion: number;
  readonly henIds: readonly HenId[];
}

/** Faults as `findFaults` names them, and sizes. */
export interface StoreInspection {
  readonly faults: readonly string[];
  readonly measures: StoreMeasures;
}

/** The answer of each kind of task. */
export interface SideAnswers {
  readonly snapshot: SnapshotFacts;
  readonly inspect: StoreInspection;
}

/** Runs one to its end, in the calling thread. @throws SQLite's error */
export function runSideTask(task: SideTask): SideAnswers[SideTask["kind"]] {
  if (task.kind === "inspect") return onConnection(task.path, inspect);
  onConnection(task.path, (db) => writeSnapshot(db, task.to));
  return onConnection(task.to, readFacts);
}

/** In one transaction, so that counters and rows are of one moment. */
function inspect(db: Database): StoreInspection {
  const sql = new Statements(db);
  try {
    sql.run("BEGIN");
    const found = { faults: findFaults({ sql }), measures: measureStore({ sql }) };
    sql.run("COMMIT");
    return found;
  } finally {
    sql.finalize();
  }
}

function readFacts(db: Database): SnapshotFacts {
  const version = db.query("PRAGMA user_version").get() as { readonly user_version: number };
  const hens = db.query("SELECT id FROM hens ORDER BY id").all() as { readonly id: HenId }[];
  return { schemaVersion: version.user_version, henIds: hens.map(({ id }) => id) };
}

function onConnection<Value>(path: string, work: (db: Database) => Value): Value {
  const db = new Database(path, { create: false, readwrite: true, strict: true });
  try {
    db.run("PRAGMA busy_timeout = 5000");
    db.run("PRAGMA trusted_schema = OFF");
    return work(db);
  } finally {
    db.close();
  }
}
