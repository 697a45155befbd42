import { createHash } from "node:crypto";
import { closeSync, constants, existsSync, fstatSync, openSync, readSync } from "node:fs";
import { join } from "node:path";
import { CoopError, type HenId, type Instant, workdirKey } from "coopd-core";
import {
  type BackupFile,
  type BackupManifest,
  DATABASE,
  ENTRIES_MAX,
  MANIFEST,
  SKIPPED_MAX,
  VAULT,
  WORKDIRS,
} from "./manifest.ts";
import { BLOCK, padding, toTarHeader } from "./tar-format.ts";
import { type Found, walkWorkdir } from "./walk-workdir.ts";

/** What a backup is made of. */
export interface BackupSource {
  /** A copy of the database that nobody writes to. */
  readonly snapshot: string;
  readonly schemaVersion: number;
  readonly dataDir: string;
  /** Whose workdirs go in; empty for none. */
  readonly henIds: readonly HenId[];
  /** The vault in use, if there is one. */
  readonly vaultPath: string | undefined;
  readonly version: string | null;
  readonly at: Instant;
}

/** Read at a time, so that a daemon that streams a backup never stands still for long. */
const CHUNK_BYTES = 262_144;
/** Holes of a sparse file are written out as zeros; this much of them per hen, then such files are left out. */
/** A larger file is no vault (coopd-vault takes none either). */
const VAULT_BYTES_MAX = 16_777_216;
const HOLE_BYTES_MAX = 1_073_741_824;

/** The archive, piece by piece; the store first, the manifest last. @throws CoopError `limit_reached`, `store_unavailable` */
export function* writeBackup(source: BackupSource): Generator<Uint8Array, void> {
  const writer = new BackupWriter(source);
  yield* writer.database();
  yield* writer.vault();
  if (source.henIds.length > 0) {
    requireProc();
    yield* writer.folder(WORKDIRS, 0o700);
    for (const id of source.henIds) yield* writer.workdir(id);
  }
  yield* writer.end();
}

class BackupWriter {
  readonly #source: BackupSource;
  readonly #mtimeSecs: number;
  readonly #files: BackupFile[] = [];
  readonly #folders: { path: string; mode: number }[] = [];
  readonly #links: { path: string; target: string }[] = [];
  readonly #hardLinks: { path: string; to: string }[] = [];
  readonly #skipped: { path: string; reason: string }[] = [];
  #skippedCount = 0;

  constructor(source: BackupSource) {
    this.#source = source;
    this.#mtimeSecs = Date.parse(source.at) / 1000;
  }

  *database(): Generator<Uint8Array> {
    const fd = openSync(this.#source.snapshot, "r");
    try {
      yield* this.#file(DATABASE, fd, { size: fstatSync(fd).size, mode: 0o600 });
    } finally {
      closeSync(fd);
    }
  }

  /** As it is at this moment: each write of a vault replaces the whole file. */
  *vault(): Generator<Uint8Array> {
    const path = this.#source.vaultPath;
    if (path === undefined) return;
    let fd: number;
    try {
      fd = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    } catch (error) {
      return this.#skip(VAULT, `the vault ${path} cannot be read (${(error as NodeJS.ErrnoException).code})`);
    }
    try {
      const stats = fstatSync(fd);
      if (!stats.isFile() || stats.size > VAULT_BYTES_MAX) this.#skip(VAULT, `${path} is no vault file`);
      else yield* this.#file(VAULT, fd, { size: stats.size, mode: 0o600 });
    } finally {
      closeSync(fd);
    }
  }

  *folder(path: string, mode: number): Generator<Uint8Array> {
    this.#count();
    this.#folders.push({ path, mode });
    yield toTarHeader({ type: "folder", path, size: 0, mode }, this.#mtimeSecs);
  }

  *workdir(id: HenId): Generator<Uint8Array> {
    const key = workdirKey(id);
    const workdir = join(this.#source.dataDir, WORKDIRS, key);
    if (!existsSync(workdir)) return; // a hen that has not hatched has none
    const seen = { holes: 0, names: new Map<string, string>() };
    for (const found of walkWorkdir(workdir, `${WORKDIRS}/${key}`)) yield* this.#found(found, seen);
  }

  *end(): Generator<Uint8Array> {
    const manifest: BackupManifest = {
      format: "coop-backup/1",
      created_at: this.#source.at,
      version: this.#source.version,
      schema_version: this.#source.schemaVersion,
      files: this.#files,
      folders: this.#folders,
      links: this.#links,
      hard_links: this.#hardLinks,
      skipped: this.#skipped,
      skipped_count: this.#skippedCount,
    };
    const body = Buffer.from(JSON.stringify(manifest));
    yield toTarHeader({ type: "file", path: MANIFEST, size: body.length, mode: 0o600 }, this.#mtimeSecs);
    yield body;
    yield Buffer.alloc(padding(body.length) + 2 * BLOCK);
  }

  *#found(found: Found, seen: { holes: number; readonly names: Map<string, string> }): Generator<Uint8Array> {
    const { path } = found;
    if (found.kind === "skipped") return this.#skip(path, found.reason);
    if (found.kind === "folder") return yield* this.folder(path, found.stats.mode & 0o777);
    if (found.kind === "link") {
      this.#count();
      this.#links.push({ path, target: found.target });
      return;
    }
    const { stats, fd } = found;
    const inode = `${stats.dev}:${stats.ino}`;
    const known = stats.nlink > 1 ? seen.names.get(inode) : undefined;
    if (known !== undefined) {
      this.#count();
      this.#hardLinks.push({ path, to: known });
      return;
    }
    const holes = Math.max(0, stats.size - stats.blocks * 512);
    if (seen.holes + holes > HOLE_BYTES_MAX)
      return this.#skip(path, "it is mostly holes, and they would fill the backup");
    seen.holes += holes;
    if (stats.nlink > 1) seen.names.set(inode, path);
    yield* this.#file(path, fd, { size: stats.size, mode: stats.mode & 0o777 });
  }

  /** Exactly `size` bytes, whatever happens to the file meanwhile: more is not read, and less is made up with zeros. */
  *#file(path: string, fd: number, { size, mode }: { size: number; mode: number }): Generator<Uint8Array> {
    this.#count();
    yield toTarHeader({ type: "file", path, size, mode }, this.#mtimeSecs);
    const hash = createHash("sha256");
    let left = size;
    let isShort = false;
    while (left > 0) {
      const chunk = Buffer.alloc(Math.min(left, CHUNK_BYTES));
      const count: number = isShort ? 0 : readSync(fd, chunk, 0, chunk.length, size - left);
      isShort ||= count === 0;
      const part = isShort ? chunk : chunk.subarray(0, count);
      hash.update(part);
      left -= part.length;
      yield part;
    }
    if (isShort) this.#skip(path, "it became shorter while it was read; zeros stand for the rest");
    this.#files.push({ path, size, mode, sha256: hash.digest("hex") });
    yield Buffer.alloc(padding(size));
  }

  #skip(path: string, reason: string): void {
    this.#skippedCount += 1;
    if (this.#skipped.length < SKIPPED_MAX) this.#skipped.push({ path, reason });
  }

  #count(): void {
    const entries = this.#files.length + this.#folders.length + this.#links.length + this.#hardLinks.length;
    if (entries < ENTRIES_MAX) return;
    throw new CoopError("limit_reached", `the workdirs hold more than ${ENTRIES_MAX} files and folders`, {
      next: "Leave them out with --no-workdirs, and copy them in another way.",
      details: { limit: "entries", value: ENTRIES_MAX },
    });
  }
}

/** Beneath an open folder one can only go by its descriptor's name there. */
function requireProc(): void {
  if (existsSync("/proc/self/fd")) return;
  throw new CoopError("store_unavailable", "workdirs can be backed up only where /proc is mounted", {
    next: "Use --no-workdirs.",
  });
}
