import { closeSync, constants, fsyncSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { CoopError } from "coopd-core";

/** Bytes as they come. */
export type Pieces = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

/**
 * Writes to a file of its own beside the place (0600), has it looked at, and gives it its name when all of it is there and
 * on disk; a file that was there is replaced. What throws leaves nothing behind. @returns what `check` makes of it
 * @throws CoopError `disk_full`, `bad_request` when it cannot be written, and what `pieces` and `check` throw
 */
export async function writeWholeFile<Found>(
  file: string,
  pieces: Pieces,
  check: (part: string, bytes: number) => Found,
): Promise<Found> {
  const part = `${file}.part-${process.pid}`;
  try {
    const bytes = await writeDurably(part, pieces);
    const found = check(part, bytes);
    renameSync(part, file);
    syncFolder(dirname(file));
    return found;
  } catch (error) {
    rmSync(part, { force: true });
    throw toWriteError(file, error);
  }
}

async function writeDurably(path: string, pieces: Pieces): Promise<number> {
  let bytes = 0;
  const fd = openSync(path, constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY, 0o600);
  try {
    for await (const piece of pieces) {
      for (let done = 0; done < piece.length; ) done += writeSync(fd, piece, done);
      bytes += piece.length;
    }
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  return bytes;
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

/** What the system said of writing `file`, as ours; anything else stays what it is. */
function toWriteError(file: string, error: unknown): unknown {
  const code = (error as NodeJS.ErrnoException).code ?? "";
  if (error instanceof CoopError || !/^E[A-Z]+$/.test(code)) return error;
  const isFull = code === "ENOSPC" || code === "EDQUOT";
  return new CoopError(isFull ? "disk_full" : "bad_request", `${file} cannot be written (${code})`, { cause: error });
}
