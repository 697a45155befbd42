import { createHash } from "node:crypto";
import { readSync } from "node:fs";
import {
  type BackupManifest,
  checkPath,
  DATABASE,
  ENTRIES_MAX,
  MANIFEST,
  MANIFEST_BYTES_MAX,
  parseManifest,
  WORKDIRS,
} from "./manifest.ts";
import { BLOCK, invalidBackup, padding, parseTarHeader, type TarEntry } from "./tar-format.ts";

/** Where the entries of a backup go while it is read. What they say is not known to be true before the end. */
export interface BackupSink {
  folder(path: string, mode: number): void;
  /** Takes the body's pieces, then `undefined` behind the last. */
  file(path: string, mode: number): (piece: Uint8Array | undefined) => void;
}

const CHUNK_BYTES = 262_144;
/** A path and a size. */
const EXTENSION_BYTES_MAX = 8_192;

/** Takes nothing: for a reader who only wants to know whether the archive is sound. */
const NOWHERE: BackupSink = { folder() {}, file: () => () => {} };

/**
 * Reads an open backup from its beginning and checks everything that can be checked: each header, that only files and
 * folders at allowed places are in it, each exactly once and below a folder that came before, and that lengths and
 * SHA-256 are those of its manifest.
 *
 * @throws CoopError `backup_invalid`, and what the sink throws
 */
export function readBackup(fd: number, sink: BackupSink = NOWHERE): BackupManifest {
  const reader = new BackupReader(fd, sink);
  for (;;) {
    const manifest = reader.next();
    if (manifest !== undefined) return manifest;
  }
}

class BackupReader {
  readonly #fd: number;
  readonly #sink: BackupSink;
  readonly #files: string[] = [];
  readonly #folders: string[] = [];
  readonly #seen = new Map<string, "file" | "folder">();

  constructor(fd: number, sink: BackupSink) {
    this.#fd = fd;
    this.#sink = sink;
  }

  /** One entry; the manifest, checked, when it was the last. */
  next(): BackupManifest | undefined {
    const entry = this.#entry();
    if (entry.path === MANIFEST && entry.type === "file") return this.#manifest(entry);
    this.#place(entry);
    if (entry.type === "folder") {
      this.#folders.push(JSON.stringify([entry.path, entry.mode]));
      this.#sink.folder(entry.path, entry.mode);
      return undefined;
    }
    const take = this.#sink.file(entry.path, entry.mode);
    const hash = createHash("sha256");
    this.#body(entry.size, (piece) => {
      hash.update(piece);
      take(piece);
    });
    take(undefined);
    this.#files.push(JSON.stringify([entry.path, entry.size, entry.mode, hash.digest("hex")]));
    return undefined;
  }

  #entry(): TarEntry {
    const first = parseTarHeader(this.#exactly(BLOCK), undefined);
    if (!("extensionBytes" in first)) return first;
    if (first.extensionBytes > EXTENSION_BYTES_MAX) throw invalidBackup("an extended header is too long");
    const body = this.#exactly(first.extensionBytes + padding(first.extensionBytes)).subarray(0, first.extensionBytes);
    const entry = parseTarHeader(this.#exactly(BLOCK), body);
    if ("extensionBytes" in entry) throw invalidBackup("an extended header follows another");
    return entry;
  }

  /** Refuses what has no business there, before anything of it is written. */
  #place({ path, type }: TarEntry): void {
    checkPath(path);
    if ((path === DATABASE) !== (this.#seen.size === 0)) throw invalidBackup("the database is not its first file");
    if (path === DATABASE && type !== "file") throw invalidBackup("the database is not a file");
    if (path === WORKDIRS && type !== "folder") throw invalidBackup("the workdirs are not a folder");
    this.#occupy(path, type);
  }

  #occupy(path: string, type: "file" | "folder"): void {
    if (this.#seen.has(path)) throw invalidBackup(`${JSON.stringify(path)} is in it twice`);
    const parent = path.slice(0, Math.max(0, path.lastIndexOf("/")));
    if (parent !== "" && this.#seen.get(parent) !== "folder")
      throw invalidBackup(`${JSON.stringify(path)} lies in no folder`);
    if (this.#seen.size > ENTRIES_MAX) throw invalidBackup("it has too many entries");
    this.#seen.set(path, type);
  }

  #manifest({ size }: TarEntry): BackupManifest {
    if (size > MANIFEST_BYTES_MAX) throw invalidBackup("its manifest is too long");
    const pieces: Uint8Array[] = [];
    this.#body(size, (piece) => pieces.push(piece));
    const manifest = parseManifest(Buffer.concat(pieces).toString());
    const files = manifest.files.map(({ path, size: bytes, mode, sha256 }) =>
      JSON.stringify([path, bytes, mode, sha256]),
    );
    const folders = manifest.folders.map(({ path, mode }) => JSON.stringify([path, mode]));
    requireSame(files, this.#files);
    requireSame(folders, this.#folders);
    if (this.#files.length === 0) throw invalidBackup("there is no database in it");
    for (const { path, to } of manifest.hard_links) {
      this.#below(path);
      if (this.#seen.get(to) !== "file" || henOf(to) !== henOf(path))
        throw invalidBackup("a hard link in it leads elsewhere");
      this.#occupy(path, "file");
    }
    for (const { path } of manifest.links) {
      this.#below(path);
      this.#occupy(path, "file");
    }
    if (this.#exactly(2 * BLOCK).some((byte) => byte !== 0)) throw invalidBackup("something follows its manifest");
    return manifest;
  }

  /** A link lies inside of a hen's folder, and is not that folder. */
  #below(path: string): void {
    checkPath(path);
    if (path.split("/").length < 3) throw invalidBackup("a link in it stands for a hen's folder");
  }

  #body(size: number, take: (piece: Uint8Array) => void): void {
    for (let left = size; left > 0; ) {
      const piece = this.#exactly(Math.min(left, CHUNK_BYTES));
      left -= piece.length;
      take(piece);
    }
    this.#exactly(padding(size));
  }

  #exactly(count: number): Buffer {
    const bytes = Buffer.alloc(count);
    for (let got = 0; got < count; ) {
      const more = readSync(this.#fd, bytes, got, count - got, null);
      if (more === 0) throw invalidBackup("it ends before its manifest");
      got += more;
    }
    return bytes;
  }
}

function requireSame(said: readonly string[], found: readonly string[]): void {
  const differs =
    said.length !== found.length ? Math.min(said.length, found.length) : said.findIndex((one, i) => one !== found[i]);
  if (differs < 0) return;
  const what = JSON.parse(found[differs] ?? said[differs] ?? '["an entry"]') as readonly string[];
  throw invalidBackup(`${JSON.stringify(what[0])} is not what its manifest says`);
}

function henOf(path: string): string {
  return path.split("/").slice(0, 2).join("/");
}
