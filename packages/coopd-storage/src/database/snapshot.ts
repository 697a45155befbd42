import type { Database } from "bun:sqlite";
import { closeSync, fsyncSync, openSync, renameSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { createPrivateFile, syncDirectory } from "../data-dir/private-files.ts";

/**
 * Writes a consistent copy of the database to `path`, mode 0600 from the first byte; it is whole or it is not there.
 * VACUUM INTO accepts an empty file that exists, and does not flush (sqlite.org/lang_vacuum.html), so both is done here.
 *
 * @throws SQLite's error when it cannot be written
 */
export function writeSnapshot(db: Database, path: string): void {
  const part = `${path}.part`;
  rmSync(part, { force: true }); // of an attempt that was cut off
  createPrivateFile(part);
  try {
    db.query("VACUUM INTO $part").run({ part });
    flush(part);
    renameSync(part, path);
    syncDirectory(dirname(path));
  } finally {
    rmSync(part, { force: true });
  }
}

function flush(path: string): void {
  const file = openSync(path, "r");
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
