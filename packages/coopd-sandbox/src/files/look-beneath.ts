import { closeSync, constants, fstatSync, lstatSync, opendirSync, openSync, type Stats } from "node:fs";
import {
  beneath,
  CAREFUL,
  type HenFolder,
  openParent,
  openWorkdir,
  parseAnyPath,
  requirePlainFile,
  toRefusal,
} from "./open-beneath.ts";

/** What a name in a folder is; nothing is followed to find out. */
export type EntryKind = "file" | "folder" | "link" | "other";

/** A name in a hen's folder. */
export interface FolderEntry {
  /** As UTF-8; what is none is shown with replacement characters, and can't be asked for. */
  readonly name: string;
  readonly kind: EntryKind;
  /** Of a file; null for everything else. */
  readonly bytes: number | null;
  readonly modifiedMs: number;
}

/** A page of a folder, by name in byte order. */
export interface FolderPage {
  readonly kind: "folder";
  readonly entries: readonly FolderEntry[];
  /** The page goes on behind its last entry. */
  readonly hasMore: boolean;
  /** The folder has more names than are looked at; those beyond are in no page. */
  readonly isCut: boolean;
}

/** A plain file, opened for reading. The caller closes `fd`. */
export interface OpenFile {
  readonly kind: "file";
  readonly fd: number;
  readonly bytes: number;
}

/** A hen may make a million names; reading this many takes some 10 ms, in which the daemon does nothing else. */
const NAMES_MAX = 10_000;

/**
 * Looks at a path in a hen's folder: a page of a folder's names, or a plain file, opened. Links, devices and files with a
 * second name are listed and never opened (walls.md, Files).
 *
 * @throws CoopError `path_refused`, `tool_failed`
 */
export function lookBeneath(
  folder: HenFolder,
  path: string,
  page: { readonly after: string; readonly limit: number },
): FolderPage | OpenFile {
  const fd = openAny(folder, path);
  let isKept = false;
  try {
    if (fstatSync(fd).isDirectory()) return readPage(fd, page);
    const { size } = requirePlainFile(fd, path);
    isKept = true;
    return { kind: "file", fd, bytes: size };
  } catch (cause) {
    throw toRefusal(path, cause);
  } finally {
    if (!isKept) closeSync(fd);
  }
}

function openAny(folder: HenFolder, path: string): number {
  const parts = parseAnyPath(path, folder.home);
  if (parts.length === 0) return openWorkdir(folder.workdir);
  const parent = openParent(folder, parts.join("/"), false);
  try {
    return openSync(beneath(parent), CAREFUL | constants.O_RDONLY);
  } catch (cause) {
    throw toRefusal(path, cause);
  } finally {
    closeSync(parent.fd);
  }
}

function readPage(fd: number, { after, limit }: { readonly after: string; readonly limit: number }): FolderPage {
  const names = readNames(fd);
  const behind = names.slice(0, NAMES_MAX).filter((name) => name > after);
  behind.sort(); // by UTF-16 units, which `after` is compared by too
  const entries = behind.slice(0, limit).flatMap((name) => toEntry(fd, name));
  return { kind: "folder", entries, hasMore: behind.length > limit, isCut: names.length > NAMES_MAX };
}

function readNames(fd: number): string[] {
  const names: string[] = [];
  const folder = opendirSync(`/proc/self/fd/${fd}`, { bufferSize: 256 });
  try {
    for (let entry = folder.readSync(); entry !== null; entry = folder.readSync()) {
      names.push(entry.name);
      if (names.length > NAMES_MAX) break;
    }
  } finally {
    folder.closeSync();
  }
  return names;
}

/** Nothing for a name that is gone by now. */
function toEntry(fd: number, name: string): readonly FolderEntry[] {
  try {
    const found = lstatSync(beneath({ fd, name }));
    const kind = kindOf(found);
    return [{ name, kind, bytes: kind === "file" ? found.size : null, modifiedMs: found.mtimeMs }];
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw cause;
  }
}

function kindOf(found: Stats): EntryKind {
  if (found.isFile()) return "file";
  if (found.isDirectory()) return "folder";
  return found.isSymbolicLink() ? "link" : "other";
}
