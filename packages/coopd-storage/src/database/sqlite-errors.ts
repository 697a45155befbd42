import { SQLiteError } from "bun:sqlite";
import { CoopError, type ErrorCode } from "coopd-core";

interface Meaning {
  readonly code: ErrorCode;
  readonly message: string;
  readonly next: string;
}

const NOTHING_LOST = "What was accepted before is kept.";

/** SQLite's primary result codes (sqlite.org/rescode.html) that a farmer can do something about. */
const MEANINGS: Readonly<Record<string, Meaning>> = {
  SQLITE_FULL: {
    code: "disk_full",
    message: "the disk that holds the data directory is full",
    next: `Free space on it, then try again. ${NOTHING_LOST}`,
  },
  SQLITE_IOERR: unavailable("the disk did not take or give the data", "Look at the disk (dmesg), then try again."),
  SQLITE_READONLY: unavailable("the data directory is read-only", "Make its file system writable, then try again."),
  SQLITE_CORRUPT: unavailable("the database file is damaged", "Stop the daemon and restore a backup."),
  SQLITE_NOTADB: unavailable("the database file is not a database", "Stop the daemon and restore a backup."),
  SQLITE_CANTOPEN: unavailable(
    "a file of the database cannot be opened",
    "Check the data directory's owner and space.",
  ),
  SQLITE_NOMEM: unavailable("there is no memory left for the database", "Free memory, then try again."),
  SQLITE_BUSY: unavailable("another program holds the database", "Close programs that read or copy coop.sqlite."),
  SQLITE_LOCKED: unavailable("another program holds the database", "Close programs that read or copy coop.sqlite."),
  SQLITE_PROTOCOL: unavailable("another program holds the database", "Close programs that read or copy coop.sqlite."),
  SQLITE_PERM: unavailable("the database file may not be used", "Check the data directory's owner."),
};

/**
 * Whatever the database threw as a CoopError: ours pass through, SQLite's become `disk_full` or `store_unavailable`,
 * and what is neither is a mistake of Coop: `internal`, with the original as cause.
 */
export function toStoreError(thrown: unknown): CoopError {
  if (thrown instanceof CoopError) return thrown;
  const meaning = meaningOf(thrown);
  const cause = thrown instanceof SQLiteError ? `${thrown.code}: ${thrown.message}` : thrown;
  if (meaning !== undefined) return new CoopError(meaning.code, meaning.message, { next: meaning.next, cause });
  return new CoopError("internal", "internal error of the store; see the daemon's log", { cause });
}

/**
 * True when the transaction that met this error must not be gone on with: SQLite may have rolled it back already
 * (sqlite.org/lang_transaction.html, "Response to errors"), and a later statement would then run outside of it.
 */
export function endsTransaction(thrown: unknown): boolean {
  return meaningOf(thrown) !== undefined;
}

/** True when another connection holds the lock that was asked for. */
export function isBusy(thrown: unknown): boolean {
  return thrown instanceof SQLiteError && thrown.code?.startsWith("SQLITE_BUSY") === true;
}

function meaningOf(thrown: unknown): Meaning | undefined {
  if (!(thrown instanceof SQLiteError) || thrown.code === undefined) return undefined;
  // Extended codes carry the primary one in front: SQLITE_IOERR_FSYNC, SQLITE_READONLY_DBMOVED.
  const primary = thrown.code.split("_").slice(0, 2).join("_");
  return MEANINGS[primary];
}

function unavailable(message: string, next: string): Meaning {
  return { code: "store_unavailable", message, next: `${next} ${NOTHING_LOST}` };
}
