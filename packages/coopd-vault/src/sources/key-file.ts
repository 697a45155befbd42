import { CoopError } from "coopd-core";
import { FileFault, readPrivateFile } from "../disk/private-file.ts";
import { Secret } from "../secret/secret.ts";

/** Of a file with one key in it. */
const FILE_BYTES_MAX = 65_536;
/** Files that are remembered; each is one reference in some manifest. */
const FILES_MAX = 256;

/**
 * Keys in files of their own (`file:/PATH`): absolute, the daemon's user's, 0600 or less, no link, one name. A file is read at
 * each use; while its bytes are the same, so is the Secret. Whoever opened this closes it.
 */
export class KeyFiles {
  readonly #known = new Map<string, Secret>();

  /** @throws CoopError `secret_unavailable` naming the path and what is wrong with the file */
  secret(path: string): Secret {
    const fresh = new Secret(withoutLineEnd(readKey(path)));
    const known = this.#known.get(path);
    if (known?.equals(fresh) === true) {
      fresh.close();
      return known;
    }
    known?.close();
    this.#known.delete(path);
    if (this.#known.size >= FILES_MAX) this.#forgetOldest();
    this.#known.set(path, fresh);
    return fresh;
  }

  /** Overwrites what was read. */
  close(): void {
    for (const secret of this.#known.values()) secret.close();
    this.#known.clear();
  }

  #forgetOldest(): void {
    const [oldest] = this.#known;
    if (oldest === undefined) return;
    oldest[1].close();
    this.#known.delete(oldest[0]);
  }
}

function readKey(path: string): Uint8Array {
  try {
    return readPrivateFile(path, { bytesMax: FILE_BYTES_MAX, isClosedToOthers: true }).bytes;
  } catch (error) {
    throw new CoopError("secret_unavailable", `the key file ${path} ${faultOf(error)}`, {
      next: `Put the key into it alone, then: chmod 600 ${path}`,
    });
  }
}

function faultOf(error: unknown): string {
  if (error instanceof FileFault) return error.message;
  const { code } = error as NodeJS.ErrnoException;
  if (code === "ENOENT" || code === "ENOTDIR") return "is not there";
  return code === "ELOOP" ? "is a link" : `cannot be read (${code ?? "unknown"})`;
}

/** Editors and `echo` end a file with a line end; the key ends before it. */
function withoutLineEnd(bytes: Uint8Array): Uint8Array {
  let end = bytes.length;
  if (bytes[end - 1] === 0x0a) end -= 1;
  if (end < bytes.length && bytes[end - 1] === 0x0d) end -= 1;
  const key = bytes.slice(0, end);
  bytes.fill(0);
  return key;
}
