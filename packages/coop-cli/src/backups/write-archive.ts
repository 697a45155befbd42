import { type BackupManifest, verifyBackup } from "coopd-storage";
import { type Pieces, writeWholeFile } from "../files/write-whole-file.ts";

/**
 * Writes an archive to a file of its own (0600), reads it back and checks it, and only then gives it its name.
 * @throws CoopError `backup_invalid` when it broke off, `disk_full`, `bad_request` when it cannot be written
 */
export function writeArchive(file: string, pieces: Pieces): Promise<BackupManifest> {
  return writeWholeFile(file, pieces, verifyBackup);
}
