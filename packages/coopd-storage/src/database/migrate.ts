import type { Database } from "bun:sqlite";
import { CoopError } from "coopd-core";
import { SCHEMA_ACCESS } from "./schema-access.ts";
import { SCHEMA_ATTENTION } from "./schema-attention.ts";
import { SCHEMA_SPEND } from "./schema-spend.ts";
import { SCHEMA_V1 } from "./schema-v1.ts";
import { SCHEMA_V2 } from "./schema-v2.ts";
import { writeSnapshot } from "./snapshot.ts";

/** One step from schema `version - 1` to `version`. A step that was released is never edited. */
export interface Migration {
  readonly version: number;
  readonly sql: string;
}

/** Every step, in order, without gaps. */
export const MIGRATIONS: readonly Migration[] = [
  { version: 1, sql: SCHEMA_V1 },
  { version: 2, sql: SCHEMA_V2 },
  { version: 3, sql: SCHEMA_ACCESS },
  { version: 4, sql: SCHEMA_ATTENTION },
  { version: 5, sql: SCHEMA_SPEND },
];

/** SQLite's `application_id` of our files: "COOP" in ASCII. */
export const APPLICATION_ID = 0x434f4f50;

/**
 * Brings the database at `path` to the newest schema: all steps in one transaction, so a crash leaves the old schema or
 * the new one. A database that holds something is copied to `<path>.before-v<N>` first.
 *
 * @throws CoopError `store_newer` when a newer Coop wrote it, `store_unavailable` when it is no database of Coop
 */
export function migrate(db: Database, path: string, migrations: readonly Migration[] = MIGRATIONS): void {
  const newest = migrations.at(-1)?.version ?? 0;
  const found = pragmaNumber(db, "user_version");
  const isEmpty = found === 0 && db.query("SELECT 1 FROM sqlite_schema LIMIT 1").get() === null;
  if (!isEmpty) refuseForeign(db);
  if (found > newest) throw newerSchema(found, newest);
  if (found === newest) return;
  if (!isEmpty) writeSnapshot(db, `${path}.before-v${newest}`);
  // A step may rebuild a table that others refer to; SQLite wants the check off for that (sqlite.org/lang_altertable.html §7).
  db.run("PRAGMA foreign_keys = OFF");
  db.transaction(() => {
    for (const migration of migrations) if (migration.version > found) db.run(migration.sql);
    db.run(`PRAGMA user_version = ${newest}`);
    db.run(`PRAGMA application_id = ${APPLICATION_ID}`);
    assertReferences(db, newest);
  }).immediate();
  db.run("PRAGMA foreign_keys = ON");
}

function refuseForeign(db: Database): void {
  if (pragmaNumber(db, "application_id") === APPLICATION_ID) return;
  throw new CoopError("store_unavailable", "coop.sqlite is a database, but not one of Coop", {
    next: "Start with another data directory, or move that file away.",
  });
}

/** The refusal of a schema that only a newer Coop knows. */
export function newerSchema(found: number, known: number): CoopError {
  return new CoopError("store_newer", `the data directory has schema ${found}; this Coop knows up to ${known}`, {
    next: `Start the newer Coop again, or restore a backup or coop.sqlite.before-v${found}.`,
    details: { found, known },
  });
}

function assertReferences(db: Database, version: number): void {
  const broken = db.query("PRAGMA foreign_key_check").all().length;
  if (broken > 0) throw new Error(`the step to schema ${version} would leave ${broken} rows without their parent`);
}

function pragmaNumber(db: Database, name: "user_version" | "application_id"): number {
  const row = db.query(`PRAGMA ${name}`).get() as Readonly<Record<string, number>> | null;
  return row?.[name] ?? 0;
}
