import type { Instant } from "coopd-core";
import { invalidBackup } from "./tar-format.ts";

/** The last file of a backup: what it holds, so that a cut or changed one is known as such. */
export interface BackupManifest {
  readonly format: "coop-backup/1";
  readonly created_at: Instant;
  /** Of the program that made it. */
  readonly version: string | null;
  readonly schema_version: number;
  readonly files: readonly BackupFile[];
  readonly folders: readonly { readonly path: string; readonly mode: number }[];
  /** Symbolic links, whose targets are texts and lead wherever they did. */
  readonly links: readonly { readonly path: string; readonly target: string }[];
  /** Further names of a file of the same hen. */
  readonly hard_links: readonly { readonly path: string; readonly to: string }[];
  /** What was left out or is not as it was, the first SKIPPED_MAX of it. */
  readonly skipped: readonly { readonly path: string; readonly reason: string }[];
  readonly skipped_count: number;
}

/** A file as it lies in the archive; `sha256` in hex. */
export interface BackupFile {
  readonly path: string;
  readonly size: number;
  readonly mode: number;
  readonly sha256: string;
}

/** The store: the first file of every backup. */
export const DATABASE = "coop.sqlite";
/** The vault that was in use: sealed as it is, and useless without its passphrase. */
export const VAULT = "vault.json";
/** The manifest: the last file. */
export const MANIFEST = "coop-backup.json";
/** The folder of the hens' folders, as in a data directory. */
export const WORKDIRS = "workdirs";

/** Named at most; a hostile tree can have as many as it likes. */
export const SKIPPED_MAX = 1_000;
/** Entries of all kinds: the manifest of so many is some 200 MB, and is held in memory while it is made. */
export const ENTRIES_MAX = 1_000_000;
/** A longer manifest is not read: twice what ENTRIES_MAX entries make. */
export const MANIFEST_BYTES_MAX = 536_870_912;
/** Longer paths cannot be written again below another directory (PATH_MAX is 4096). */
export const PATH_BYTES_MAX = 2_000;

/**
 * Lets pass only what a backup can hold: `coop.sqlite`, `vault.json`, and paths below `workdirs/<key>` without empty parts, `.` and `..`.
 * @throws CoopError `backup_invalid`
 */
export function checkPath(path: string): void {
  if (path === DATABASE || path === VAULT || path === WORKDIRS) return;
  const parts = path.split("/");
  const isPlain = parts.every((part) => part !== "" && part !== "." && part !== "..") && !path.includes("\0");
  const isBelow = parts[0] === WORKDIRS && /^[a-z0-9_-]+$/.test(parts[1] ?? "");
  if (isPlain && isBelow && Buffer.byteLength(path) <= PATH_BYTES_MAX) return;
  throw invalidBackup(`it has an entry at ${JSON.stringify(path.slice(0, 200))}`);
}

/** @throws CoopError `backup_invalid` */
export function parseManifest(text: string): BackupManifest {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw invalidBackup("its manifest is not JSON");
  }
  const manifest = parsed as BackupManifest;
  if (typeof parsed !== "object" || parsed === null) throw invalidBackup("its manifest is no object");
  if (manifest.format !== "coop-backup/1") throw invalidBackup("it has another format than coop-backup/1");
  const lists = [manifest.files, manifest.folders, manifest.links, manifest.hard_links, manifest.skipped];
  if (!lists.every(Array.isArray)) throw invalidBackup("its manifest lacks a list");
  for (const { path, target } of manifest.links)
    if (typeof path !== "string" || typeof target !== "string")
      throw invalidBackup("a link in its manifest is damaged");
  for (const { path, to } of manifest.hard_links)
    if (typeof path !== "string" || typeof to !== "string") throw invalidBackup("a link in its manifest is damaged");
  return manifest;
}
