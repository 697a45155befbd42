import { Database } from "bun:sqlite";
import {
  chmodSync,
  closeSync,
  constants,
  fchmodSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeSync,
} from "node:fs";
import { dirname, join, resolve } from "node:path";
import { CoopError, VAULT_PATH_SETTING } from "coopd-core";
import { syncDirectory } from "../data-dir/private-files.ts";
import { APPLICATION_ID, MIGRATIONS, newerSchema } from "../database/migrate.ts";
import { toStoreError } from "../database/sqlite-errors.ts";
import { type BackupManifest, DATABASE, VAULT } from "./manifest.ts";
import { type BackupSink, readBackup } from "./read-backup.ts";
import { invalidBackup } from "./tar-format.ts";

/** Reads the whole file and checks it against its manifest. @throws CoopError `backup_invalid`, `bad_request` */
export function verifyBackup(file: string): BackupManifest {
  return withOpen(file, (fd) => readBackup(fd));
}

/**
 * Makes a data directory of a backup: below another name first, checked whole, then renamed, so that the directory is
 * there completely or not at all. Everything belongs to who restores; a root daemon gives each workdir to its hen when
 * the hen's pen is opened.
 *
 * @throws CoopError `bad_request` when the directory holds something or the file cannot be read; `backup_invalid`,
 * `store_newer`, `disk_full`
 */
export function restoreBackup(file: string, dataDir: string): BackupManifest {
  const target = resolve(dataDir);
  refuseUsed(target);
  const part = `${target}.restoring-${process.pid}`;
  try {
    mkdirSync(dirname(target), { recursive: true, mode: 0o700 });
    mkdirSync(part, { mode: 0o700 });
    const manifest = withOpen(file, (fd) => unpack(fd, part));
    checkDatabase(join(part, DATABASE));
    if (manifest.files.some(({ path }) => path === VAULT)) nameVault(join(part, DATABASE), join(target, VAULT));
    syncDirectory(part);
    renameSync(part, target); // onto an empty directory it is one step too (rename(2))
    syncDirectory(dirname(target));
    return manifest;
  } catch (error) {
    rmSync(part, { recursive: true, force: true });
    throw toRestoreError(error);
  }
}

/** Nobody else can enter `part`, so paths in it are safe to walk; links are made last, so nothing is written through one. */
function unpack(fd: number, part: string): BackupManifest {
  const modes: { readonly path: string; readonly mode: number }[] = [];
  const manifest = readBackup(fd, {
    folder(path, mode) {
      mkdirSync(join(part, path), { mode: 0o700 });
      modes.unshift({ path: join(part, path), mode });
    },
    file: (path, mode) => writeFile(join(part, path), path === DATABASE || path === VAULT ? 0o600 : mode),
  });
  for (const { path, to } of manifest.hard_links) linkSync(join(part, to), join(part, path));
  for (const { path, target } of manifest.links) symlinkSync(target, join(part, path));
  for (const { path, mode } of modes) chmodSync(path, mode); // the innermost first
  return manifest;
}

function writeFile(path: string, mode: number): ReturnType<BackupSink["file"]> {
  const fd = openSync(path, constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY | constants.O_NOFOLLOW, 0o600);
  return (piece) => {
    if (piece === undefined) {
      fchmodSync(fd, mode);
      if (path.endsWith(`/${DATABASE}`) || path.endsWith(`/${VAULT}`)) fsyncSync(fd);
      return closeSync(fd);
    }
    for (let done = 0; done < piece.length; ) done += writeSync(fd, piece, done);
  };
}

/** @throws CoopError `backup_invalid`, `store_newer` */
function checkDatabase(path: string): void {
  const newest = MIGRATIONS.at(-1)?.version ?? 0;
  const db = new Database(path, { create: false, readwrite: true, strict: true });
  try {
    const number = (name: string) => Number(Object.values(db.query(`PRAGMA ${name}`).get() as object)[0]);
    if (number("application_id") !== APPLICATION_ID) throw invalidBackup("its database is not one of Coop");
    const found = number("user_version");
    if (found > newest) throw newerSchema(found, newest);
    const [{ integrity_check: verdict } = { integrity_check: "" }] = db.query("PRAGMA integrity_check(1)").all() as {
      integrity_check: string;
    }[];
    if (verdict !== "ok") throw invalidBackup(`its database is damaged (${verdict})`);
  } finally {
    db.close();
  }
}

/** The restored farm means the vault that came with it, not the one of where it was. */
function nameVault(database: string, vaultPath: string): void {
  const db = new Database(database, { create: false, readwrite: true, strict: true });
  try {
    db.run("INSERT INTO settings (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = ?2", [
      VAULT_PATH_SETTING,
      vaultPath,
    ]);
  } finally {
    db.close();
  }
}

function refuseUsed(target: string): void {
  const names = listOrNothing(target);
  if (names.length === 0) return;
  throw new CoopError("bad_request", `${target} is not empty, and a backup is restored into a directory of its own`, {
    next: "Name a directory that is not there, start with it, and remove the old one when you are content.",
  });
}

function listOrNothing(path: string): readonly string[] {
  try {
    return readdirSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw toRestoreError(error);
  }
}

function withOpen<Value>(file: string, work: (fd: number) => Value): Value {
  const fd = openBackup(file);
  try {
    return work(fd);
  } finally {
    closeSync(fd);
  }
}

function openBackup(file: string): number {
  try {
    return openSync(file, "r");
  } catch (error) {
    throw new CoopError("bad_request", `the backup ${file} cannot be read (${(error as NodeJS.ErrnoException).code})`, {
      cause: error,
    });
  }
}

function toRestoreError(error: unknown): CoopError {
  const code = (error as NodeJS.ErrnoException).code ?? "";
  if (error instanceof CoopError) return error;
  if (code === "ENOSPC" || code === "EDQUOT") {
    return new CoopError("disk_full", "the disk is full; nothing was restored", { cause: error });
  }
  if (/^E[A-Z]+$/.test(code)) {
    return new CoopError("bad_request", `the backup could not be restored there (${code})`, {
      next: "Check that you may write beside the directory.",
      cause: error,
    });
  }
  return toStoreError(error);
}
