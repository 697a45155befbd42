import { closeSync, constants, fsyncSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { type BackupManifest, verifyBackup } from "coopd-storage";
import { toWriteError } from "../files/write-whole-file.ts";

/**
 * Writes an archive to a file of its own (0600), reads it back and checks it, and only then gives it its name.
 * @throws CoopError `backup_invalid` when it broke off, `disk_full`, `bad_request` when it cannot be written
 */
export async function writeArchive(
  file: string,
  pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): Promise<BackupManifest> {
  const part = `${file}.part-${process.pid}`;
  try {
    const fd = openSync(part, constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY, 0o600);
    try {
      for await (const piece of pieces) for (let done = 0; done < piece.length; ) done += writeSync(fd, piece, done);
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
    const manifest = verifyBackup(part);
    renameSync(part, file);
    syncFolder(dirname(file));
    return manifest;
  } catch (error) {
    rmSync(part, { force: true });
    throw toWriteError(file, error);
  }
}

/** The name is durable with this. */
function syncFolder(path: string): void {
  const fd = openSync(path, "r");
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
