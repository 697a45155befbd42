import { closeSync, constants, openSync, unlinkSync, writeSync } from "node:fs";

let counter = 0;

/**
 * Opens a nameless file that holds `content` and stands at its beginning, for handing to a child by descriptor: it
 * appears in no argument list and under no path. The caller closes it.
 */
export function openDataFile(folder: string, content: string | Uint8Array): number {
  counter += 1;
  const path = `${folder}/.data-${process.pid}-${counter}`;
  const flags = constants.O_CREAT | constants.O_EXCL | constants.O_RDWR | constants.O_NOFOLLOW;
  const fd = openSync(path, flags, 0o600);
  try {
    unlinkSync(path);
    const bytes = typeof content === "string" ? Buffer.from(content, "utf8") : content;
    // A write at a position leaves the offset at 0, from where the child reads.
    for (let done = 0; done < bytes.length; ) done += writeSync(fd, bytes, done, bytes.length - done, done);
    return fd;
  } catch (thrown) {
    closeSync(fd);
    throw thrown;
  }
}
