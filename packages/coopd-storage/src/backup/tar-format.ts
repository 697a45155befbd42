import { Buffer } from "node:buffer";
import { CoopError } from "coopd-core";

/*
 * POSIX.1-2001 tar ("pax"), so that any tar can look into a backup. Of it only what a backup needs:
 *
 *     header 512 bytes: name 0+100 · mode 100+8 · size 124+12 · mtime 136+12 · checksum 148+8 · type 156 · "ustar\0" 257
 *     then the body, filled up to a multiple of 512; two blocks of zeros at the end
 *     type 0 file · 5 folder · x the next entry's path or size, where they do not fit: `LENGTH KEY=VALUE\n`
 *
 * There are no links and no devices in it: links are in the manifest, and everything else of that kind is refused.
 */

/** Bytes; everything in a tar archive is a multiple of it. */
export const BLOCK = 512;

/** What a header says. */
export interface TarEntry {
  readonly type: "file" | "folder";
  /** Relative, with slashes. */
  readonly path: string;
  /** Bytes of the body; 0 for a folder. */
  readonly size: number;
  /** Permission bits. */
  readonly mode: number;
}

/** Eleven octal digits. */
const SIZE_MAX = 0o77777777777;
const NAME_BYTES_MAX = 100;

/** The header blocks of an entry. `mtimeSecs` since 1970. */
export function toTarHeader(entry: TarEntry, mtimeSecs: number): Uint8Array {
  const path = Buffer.from(entry.path);
  const records: string[] = [];
  if (path.length > NAME_BYTES_MAX) records.push(toPaxRecord("path", entry.path));
  if (entry.size > SIZE_MAX) records.push(toPaxRecord("size", String(entry.size)));
  const size = entry.size > SIZE_MAX ? 0 : entry.size;
  const own = block({ name: path, mode: entry.mode, size, mtimeSecs, type: entry.type === "file" ? "0" : "5" });
  if (records.length === 0) return own;
  const body = Buffer.from(records.join(""));
  const extra = block({ name: Buffer.from("pax"), mode: 0o600, size: body.length, mtimeSecs, type: "x" });
  return Buffer.concat([extra, body, Buffer.alloc(padding(body.length)), own]);
}

/** Bytes from the end of a body to the next block. */
export function padding(size: number): number {
  return (BLOCK - (size % BLOCK)) % BLOCK;
}

/** A header block as it stands in the archive; `extension` is the body of an `x` header before it, if there was one. */
export function parseTarHeader(
  header: Uint8Array,
  extension: Uint8Array | undefined,
): TarEntry | { readonly extensionBytes: number } {
  const bytes = Buffer.from(header.buffer, header.byteOffset, BLOCK);
  if (readOctal(bytes, 148, 8) !== checksumOf(bytes)) throw invalidBackup("a header's checksum is wrong");
  if (bytes.toString("latin1", 257, 262) !== "ustar") throw invalidBackup("it is not a tar archive");
  const type = String.fromCharCode(bytes[156] ?? 0);
  const size = readOctal(bytes, 124, 12);
  if (type === "x" && extension === undefined) return { extensionBytes: size };
  if (type !== "0" && type !== "5") throw invalidBackup(`it holds an entry of type ${JSON.stringify(type)}`);
  const pax = extension === undefined ? {} : parsePax(extension);
  const entry = {
    type: type === "0" ? "file" : "folder",
    path: pax.path ?? readText(bytes.subarray(0, NAME_BYTES_MAX)),
    size: pax.size ?? size,
    mode: readOctal(bytes, 100, 8) & 0o777,
  } as const;
  if (entry.type === "folder" && entry.size !== 0) throw invalidBackup("it holds a folder with a body");
  return entry;
}

/** The refusal of a file that is no backup, or a damaged one. */
export function invalidBackup(why: string): CoopError {
  return new CoopError("backup_invalid", `this is not a sound backup: ${why}`, {
    next: "Use another backup; nothing was changed.",
  });
}

function block(parts: {
  readonly name: Buffer;
  readonly mode: number;
  readonly size: number;
  readonly mtimeSecs: number;
  readonly type: string;
}): Buffer {
  const bytes = Buffer.alloc(BLOCK);
  parts.name.copy(bytes, 0, 0, NAME_BYTES_MAX);
  writeOctal(bytes, 100, 8, parts.mode);
  writeOctal(bytes, 108, 8, 0);
  writeOctal(bytes, 116, 8, 0);
  writeOctal(bytes, 124, 12, parts.size);
  writeOctal(bytes, 136, 12, Math.max(0, Math.floor(parts.mtimeSecs)));
  bytes.write(parts.type, 156, "latin1");
  bytes.write("ustar\x0000", 257, "latin1");
  bytes.write(`${checksumOf(bytes).toString(8).padStart(6, "0")}\0 `, 148, "latin1");
  return bytes;
}

/** The sum of all bytes, the checksum's own counted as blanks. */
function checksumOf(bytes: Buffer): number {
  let sum = 8 * 0x20;
  for (let i = 0; i < BLOCK; i += 1) if (i < 148 || i >= 156) sum += bytes[i] ?? 0;
  return sum;
}

function writeOctal(bytes: Buffer, at: number, length: number, value: number): void {
  bytes.write(`${value.toString(8).padStart(length - 1, "0")}\0`, at, "latin1");
}

function readOctal(bytes: Buffer, at: number, length: number): number {
  const text = bytes
    .toString("latin1", at, at + length)
    .replace(/[\0 ]+$/, "")
    .trimStart();
  if (!/^[0-7]{1,11}$/.test(text)) throw invalidBackup("a number in a header is none");
  return Number.parseInt(text, 8);
}

function readText(bytes: Buffer): string {
  const end = bytes.indexOf(0);
  return decode(end < 0 ? bytes : bytes.subarray(0, end));
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw invalidBackup("a name in it is not UTF-8");
  }
}

/** The length counts itself, so it is found by trying. */
function toPaxRecord(key: string, value: string): string {
  const rest = ` ${key}=${value}\n`;
  let length = Buffer.byteLength(rest);
  while (Buffer.byteLength(`${length}${rest}`) !== length) length = Buffer.byteLength(`${length}${rest}`);
  return `${length}${rest}`;
}

function parsePax(body: Uint8Array): { readonly path?: string; readonly size?: number } {
  let rest = Buffer.from(body);
  const found: { path?: string; size?: number } = {};
  while (rest.length > 0) {
    const length = Number(/^(\d{1,6}) /.exec(rest.toString("latin1", 0, 7))?.[1] ?? Number.NaN);
    if (!(length > 3 && length <= rest.length)) throw invalidBackup("an extended header is damaged");
    const record = decode(rest.subarray(String(length).length + 1, length - 1));
    const [key = "", ...value] = record.split("=");
    if (key === "path") found.path = value.join("=");
    else if (key === "size" && /^\d{1,15}$/.test(value.join("="))) found.size = Number(value.join("="));
    else throw invalidBackup(`an extended header says ${JSON.stringify(key.slice(0, 40))}`);
    rest = rest.subarray(length);
  }
  return found;
}
