import { closeSync, constants, fsyncSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { CoopError } from "coopd-core";

/**
 * Writes to a file of its own beside the place (0600) and gives it the name when all of it is there; a file that was there
 * is replaced. @returns how many bytes @throws CoopError `disk_full`, `bad_request` when it cannot be written, and what `pieces` throws
 */
export async function writeWholeFile(file: string, pieces: AsyncIterable<Uint8Array>): Promise<number> {
  const part = `${file}.part-${process.pid}`;
  let bytes = 0;
  try {
    const fd = openSync(part, constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY, 0o600);
    try {
      for await (const piece of pieces) {
        for (let done = 0; done < piece.length; ) done += writeSync(fd, piece, done);
        bytes += piece.length;
      }
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
    renameSync(part, file);
    return bytes;
  } catch (error) {
    rmSync(part, { force: true });
    throw toWriteError(file, error);
  }
}

/** What the system said of writing `file`, as ours; anything else stays what it is. */
export function toWriteError(file: string, error: unknown): unknown {
  const code = (error as NodeJS.ErrnoException).code ?? "";
  if (error instanceof CoopError || !/^E[A-Z]+$/.test(code)) return error;
  const isFull = code === "ENOSPC" || code === "EDQUOT";
  return new CoopError(isFull ? "disk_full" : "bad_request", `${file} cannot be written (${code})`, { cause: error });
}
