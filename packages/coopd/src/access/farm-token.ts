import { randomBytes } from "node:crypto";
import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  linkSync,
  lstatSync,
  openSync,
  readFileSync,
  rmSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { CoopError } from "coopd-core";

/** Random bytes of a secret that we make; nobody guesses one. */
const SECRET_BYTES = 32;
/** A token on one line, visible ASCII (RFC 6750 §2.1 allows less); shorter ones would be guessed. */
const TOKEN_TEXT = /^[\x21-\x7e]{16,1024}$/;

/** A new secret with a mark of what it is, so that leak scanners and people can tell: `coop_…`. 256 random bits. */
export function makeSecret(mark: string): string {
  return `${mark}_${randomBytes(SECRET_BYTES).toString("base64url")}`;
}

/**
 * The farm's own token, `<data>/token`: made at the first start, 0600 from its first byte, durable before it is used, and
 * never changed again. Remove the file and start again for another one. Only the holder of the data directory calls it.
 * @throws CoopError `store_unavailable` when what is there is no private file with a token
 */
export function openFarmToken(dataDir: string): string {
  const path = tokenPath(dataDir);
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) writeTokenFile(dataDir, makeSecret("coop"));
  return readTokenFile(path);
}

/** True when an earlier start has made the farm's token. */
export function hasFarmToken(dataDir: string): boolean {
  return lstatSync(tokenPath(dataDir), { throwIfNoEntry: false }) !== undefined;
}

function tokenPath(dataDir: string): string {
  return join(dataDir, "token");
}

/** Whole or not there: a start that is cut off must not leave half a token behind. */
function writeTokenFile(dataDir: string, token: string): void {
  const path = tokenPath(dataDir);
  const part = `${path}.part`;
  rmSync(part, { force: true }); // of a start that was cut off
  const file = openSync(part, constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY | constants.O_NOFOLLOW, 0o600);
  try {
    writeSync(file, `${token}\n`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  linkSync(part, path); // unlike a rename it never replaces what somebody put there meanwhile
  rmSync(part);
  const folder = openSync(dataDir, constants.O_RDONLY);
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

function readTokenFile(path: string): string {
  const file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const { uid, mode, nlink } = fstatSync(file);
    if (!fstatSync(file).isFile() || nlink !== 1) throw unusable(path, "is not an ordinary file");
    if (uid !== process.geteuid?.()) throw unusable(path, "belongs to another user");
    if ((mode & 0o077) !== 0) throw unusable(path, "was open to other users, who may know it");
    const token = readFileSync(file, "utf8").trim();
    if (!TOKEN_TEXT.test(token)) throw unusable(path, "does not hold a token of at least 16 characters");
    return token;
  } finally {
    closeSync(file);
  }
}

function unusable(path: string, why: string): CoopError {
  return new CoopError("store_unavailable", `${path} ${why}`, {
    next: "Remove it: the next start makes a new token.",
  });
}
