import { Database } from "bun:sqlite";
import { closeSync, constants, lstatSync, openSync } from "node:fs";
import { CoopError } from "coopd-core";

/** Two commands at once wait for each other this long, ms: a command holds the lock for a derivation and a write at most. */
const WAIT_MS = 5_000;

/** The right to write one vault file, until it is released or the process ends. */
export interface VaultLock {
  release(): void;
}

/**
 * Takes the lock of the vault at `path` (its real path): an exclusive lock on an empty SQLite file beside it, which is a
 * POSIX record lock. The kernel gives it back when the process ends however it ends, and no pid is compared. Who holds it is
 * the only writer, so that a command and a daemon never overwrite each other (weaknesses C3). The lock file stays.
 *
 * @returns undefined where this user may write no file beside the vault: then nobody here writes the vault either
 * @throws CoopError `vault_busy` when another process holds it
 */
export function takeVaultLock(path: string, waitMs = WAIT_MS): VaultLock | undefined {
  const lockPath = `${path}.lock`;
  if (!makeLockFile(lockPath)) return undefined;
  const db = openLock(lockPath, path);
  try {
    db.run(`PRAGMA busy_timeout = ${waitMs}`);
    db.run("PRAGMA journal_mode = MEMORY"); // nothing is ever written, so no journal may lie beside it
    db.run("BEGIN EXCLUSIVE");
    return { release: () => db.close() };
  } catch (error) {
    db.close();
    if ((error as { code?: string }).code === "SQLITE_BUSY") throw busy(path);
    throw unusable(path, error);
  }
}

/** @returns false where it may not be made */
function makeLockFile(path: string): boolean {
  try {
    closeSync(
      openSync(path, constants.O_CREAT | constants.O_RDWR | constants.O_NOFOLLOW | constants.O_NONBLOCK, 0o600),
    );
    if (lstatSync(path).isFile()) return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EROFS" || code === "EACCES" || code === "EPERM") return false;
    throw unusable(path, error);
  }
  throw unusable(path, undefined);
}

function openLock(lockPath: string, path: string): Database {
  try {
    return new Database(lockPath, { readwrite: true, create: false });
  } catch (error) {
    throw unusable(path, error);
  }
}

function busy(path: string): CoopError {
  return new CoopError("vault_busy", `another process has the vault ${path} open`, {
    next: "If it is a daemon, say which with --api and its token, or lock it: coop vault lock.",
  });
}

function unusable(path: string, cause: unknown): CoopError {
  return new CoopError("vault_refused", `the lock file of ${path} cannot be used`, {
    next: "Look at it, then move it away; it is an empty file of Coop's.",
    cause,
  });
}
