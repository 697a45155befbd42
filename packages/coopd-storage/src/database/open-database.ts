import { Database } from "bun:sqlite";
import { CoopError } from "coopd-core";
import { MIGRATIONS, type Migration, migrate } from "./migrate.ts";
import { toStoreError } from "./sqlite-errors.ts";

/**
 * How every connection is set. In order: what a commit promises (WAL, flushed before it is acknowledged; on macOS past
 * the drive's cache), integrity, patience with a farmer's own sqlite3, and memory.
 */
const SETTINGS: readonly string[] = [
  "synchronous = FULL",
  "fullfsync = ON",
  "checkpoint_fullfsync = ON",
  "foreign_keys = ON",
  "trusted_schema = OFF",
  "busy_timeout = 5000", // ms
  "cache_size = -8192", // KiB; an idle daemon with 1,000 hens stays within its 80 MB
  "temp_store = MEMORY", // savepoint journals would otherwise be files in a shared /tmp
  "wal_autocheckpoint = 4000", // pages, 16 MiB: a burst of commits writes a hot page back once
  "journal_size_limit = 67108864", // bytes; a WAL that one big transaction swelled is cut back to this
];

/**
 * Opens the database file, which must exist (created 0600, so that SQLite gives its `-wal` and `-shm` the same mode), and
 * brings it to the newest schema. The caller closes it.
 *
 * @throws CoopError `store_newer`, `store_unavailable`, `disk_full`
 */
export function openDatabase(path: string, migrations: readonly Migration[] = MIGRATIONS): Database {
  try {
    const db = new Database(path, { create: false, readwrite: true, strict: true });
    try {
      useWal(db);
      for (const setting of SETTINGS) db.run(`PRAGMA ${setting}`);
      migrate(db, path, migrations);
      return db;
    } catch (error) {
      db.close();
      throw error;
    }
  } catch (error) {
    throw toStoreError(error);
  }
}

function useWal(db: Database): void {
  const row = db.query("PRAGMA journal_mode = WAL").get() as { readonly journal_mode: string } | null;
  if (row?.journal_mode === "wal") return;
  throw new CoopError("store_unavailable", "the file system of the data directory cannot hold a write-ahead log", {
    next: "Put the data directory on a local disk.",
    details: { journal_mode: row?.journal_mode },
  });
}
