import { closeSync, constants, openSync, readSync } from "node:fs";
import { beneath, CAREFUL, type HenFolder, openParent, requirePlainFile, toRefusal } from "./open-beneath.ts";

export interface FileStart {
  /** The first bytes, at most as many as asked for. */
  readonly start: Uint8Array;
  /** Size of the whole file. */
  readonly bytes: number;
}

/**
 * Reads the beginning of a file in a hen's folder and no more, however large the file is or grows. Links, FIFOs,
 * devices, sockets and files with a second name are refused (walls.md, Files).
 *
 * @throws CoopError `path_refused`, `tool_failed`
 */
export function readBeneath(folder: HenFolder, path: string, bytesMax: number): FileStart {
  const parent = openParent(folder, path, false);
  try {
    const fd = openSync(beneath(parent), CAREFUL | constants.O_RDONLY);
    try {
      const { size } = requirePlainFile(fd, path);
      const buffer = new Uint8Array(Math.min(size, bytesMax));
      let length = 0;
      for (let got = -1; got !== 0 && length < buffer.length; length += got) {
        got = readSync(fd, buffer, length, buffer.length - length, length);
      }
      return { start: buffer.subarray(0, length), bytes: size };
    } finally {
      closeSync(fd);
    }
  } catch (cause) {
    throw toRefusal(path, cause);
  } finally {
    closeSync(parent.fd);
  }
}
