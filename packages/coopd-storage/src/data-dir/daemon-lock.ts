import { Database } from "bun:sqlite";
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Log } from "coopd-core";
import { isBusy, toStoreError } from "../database/sqlite-errors.ts";
import { preparePrivateFile } from "./private-files.ts";

/** A probe by `readHolder` holds a shared lock for some microseconds; an opening daemon waits that out. */
const PROBE_WAIT_MS = 250;

/** This process is the only daemon of a data directory until it releases the lock or dies. */
export interface DaemonLock {
  release(): void;
}

/**
 * Takes the directory's lock, or answers undefined when somebody holds it.
 *
 * The lock is SQLite's exclusive lock on an empty file of its own, which is a POSIX record lock: the kernel gives it back
 * when the process ends however it ends, a child does not inherit it (a `flock` is shared with every child that kept the
 * descriptor), and no pid is compared, so a reused one fools nobody. SQLite keeps its own table of locks per process, so
 * a second open in this process is refused too. It needs no foreign function and is the same on macOS.
 *
 * @throws CoopError `store_unavailable` when the lock file cannot be used
 */
export function takeDaemonLock(dataDir: string, log: Log): DaemonLock | undefined {
  const path = lockPath(dataDir);
  preparePrivateFile(path, log);
  const db = openLockFile(path, { readwrite: true, create: false });
  try {
    db.run(`PRAGMA busy_timeout = ${PROBE_WAIT_MS}`);
    db.run("PRAGMA journal_mode = MEMORY"); // nothing is ever written, so no journal may lie beside it
    db.run("BEGIN EXCLUSIVE");
    return { release: () => db.close() };
  } catch (error) {
    db.close();
    if (isBusy(error)) return undefined;
    throw toStoreError(error);
  }
}

/** True while a daemon holds the directory, as the kernel says. @throws CoopError `store_unavailable` */
export function isDaemonLockHeld(dataDir: string): boolean {
  const path = lockPath(dataDir);
  if (!existsSync(path)) return false;
  const db = openLockFile(path, { readonly: true });
  try {
    db.query("SELECT 1 FROM sqlite_schema").get();
    return false;
  } catch (error) {
    if (isBusy(error)) return true;
    throw toStoreError(error);
  } finally {
    db.close();
  }
}

function lockPath(dataDir: string): string {
  return join(dataDir, "daemon.lock.sqlite");
}

function openLockFile(path: string, options: ConstructorParameters<typeof Database>[1]): Database {
  try {
    return new Database(path, options);
  } catch (error) {
    throw toStoreError(error);
  }
}
