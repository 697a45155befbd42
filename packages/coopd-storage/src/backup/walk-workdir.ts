import { closeSync, constants, fstatSync, lstatSync, openSync, readdirSync, readlinkSync, type Stats } from "node:fs";
import { PATH_BYTES_MAX } from "./manifest.ts";

/** open(2): no link is followed, and a FIFO or a device can't make us wait. */
const CAREFUL = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
/** One descriptor a level is held open. */
const DEPTH_MAX = 128;

/** What is found; `file` is open for reading, and is closed behind the caller when he asks for the next. */
export type Found =
  | { readonly kind: "folder"; readonly path: string; readonly stats: Stats }
  | { readonly kind: "file"; readonly path: string; readonly stats: Stats; readonly fd: number }
  | { readonly kind: "link"; readonly path: string; readonly target: string }
  | { readonly kind: "skipped"; readonly path: string; readonly reason: string };

/**
 * A hen's folder, which it may change while we look: each name is opened beneath the open folder it is in, without
 * following links, so wherever the hen moves things, nothing outside is ever read. What is neither file, folder nor
 * symbolic link is named and left out.
 */
export function* walkWorkdir(workdir: string, path: string): Generator<Found> {
  const fd = tryOpen(workdir, constants.O_DIRECTORY);
  if (typeof fd === "string") yield { kind: "skipped", path, reason: fd };
  else yield* walkFolder(fd, path, 1);
}

/** Closes `fd`. */
function* walkFolder(fd: number, path: string, depth: number): Generator<Found> {
  try {
    yield { kind: "folder", path, stats: fstatSync(fd) };
    if (depth > DEPTH_MAX) {
      yield { kind: "skipped", path, reason: `it is more than ${DEPTH_MAX} folders deep` };
      return;
    }
    for (const bytes of readNames(fd)) {
      const name = decodeName(bytes);
      const below = `${path}/${name ?? bytes.toString("latin1")}`;
      if (name === undefined) yield { kind: "skipped", path: below, reason: "its name is not UTF-8" };
      else if (Buffer.byteLength(below) > PATH_BYTES_MAX) yield skipped(below.slice(0, 200), "its path is too long");
      else yield* look(`/proc/self/fd/${fd}/${name}`, below, depth);
    }
  } finally {
    closeSync(fd);
  }
}

function* look(at: string, path: string, depth: number): Generator<Found> {
  const stats = lstatSync(at, { throwIfNoEntry: false });
  if (stats === undefined) return; // the hen has removed it since
  if (stats.isSymbolicLink()) {
    yield readLink(at, path);
  } else if (stats.isDirectory()) {
    const fd = tryOpen(at, constants.O_DIRECTORY);
    if (typeof fd === "string") yield skipped(path, fd);
    else yield* walkFolder(fd, path, depth + 1);
  } else if (stats.isFile()) {
    const fd = tryOpen(at, 0);
    if (typeof fd === "string") yield skipped(path, fd);
    else yield* readFile(fd, path);
  } else {
    yield skipped(path, "it is a FIFO, a socket or a device");
  }
}

function* readFile(fd: number, path: string): Generator<Found> {
  try {
    const stats = fstatSync(fd);
    if (stats.isFile()) yield { kind: "file", path, stats, fd };
    else yield skipped(path, "it was replaced while it was looked at");
  } finally {
    closeSync(fd);
  }
}

function skipped(path: string, reason: string): Found {
  return { kind: "skipped", path, reason };
}

function readLink(at: string, path: string): Found {
  try {
    const target = decodeName(readlinkSync(at, { encoding: "buffer" }));
    return target === undefined ? skipped(path, "its target is not UTF-8") : { kind: "link", path, target };
  } catch {
    return skipped(path, "it was replaced while it was looked at");
  }
}

function readNames(fd: number): readonly Buffer[] {
  return readdirSync(`/proc/self/fd/${fd}`, { encoding: "buffer" }) as unknown as Buffer[];
}

/** The descriptor, or why there is none. */
function tryOpen(path: string, flags: number): number | string {
  try {
    return openSync(path, CAREFUL | flags);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "";
    return code === "ENOENT" ? "it is gone" : `it cannot be read (${code})`;
  }
}

function decodeName(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
