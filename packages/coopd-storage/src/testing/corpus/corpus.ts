import { Database } from "bun:sqlite";
import { join } from "node:path";
import { createPrivateFile } from "../../data-dir/private-files.ts";
import { APPLICATION_ID, MIGRATIONS } from "../../database/migrate.ts";
import { fillAccess } from "./access.ts";
import { fillAttention } from "./attention.ts";
import { fillSpend } from "./spend.ts";
import { fillVersion1 } from "./version-1.ts";
import { fillVersion2 } from "./version-2.ts";

/** A database as a Coop of that schema left it. */
export interface CorpusRow {
  readonly version: number;
  /** Fills every table with rows as that version wrote them; plain SQL that is never edited once the version was released. */
  readonly fill: (db: Database) => void;
}

/** One row a schema version; whoever adds a migration adds its row, and a test says when it is missing. */
export const CORPUS: readonly CorpusRow[] = [
  { version: 1, fill: fillVersion1 },
  { version: 2, fill: fillVersion2 },
  { version: 3, fill: fillAccess },
  { version: 4, fill: fillAttention },
  { version: 5, fill: fillSpend },
];

/** Writes the database of a corpus row into a data directory, with exactly the steps up to its version. */
export function writeCorpus(dataDir: string, { version, fill }: CorpusRow): void {
  const path = join(dataDir, "coop.sqlite");
  createPrivateFile(path);
  const db = new Database(path, { readwrite: true, create: false, strict: true });
  try {
    db.run("PRAGMA journal_mode = WAL");
    for (const step of MIGRATIONS) if (step.version <= version) db.run(step.sql);
    db.run(`PRAGMA user_version = ${version}`);
    db.run(`PRAGMA application_id = ${APPLICATION_ID}`);
    db.run("PRAGMA foreign_keys = ON");
    db.transaction(() => fill(db))();
  } finally {
    db.close();
  }
}
