import type { FaultList } from "../faults.ts";
import { createPlaceFinder } from "./places.ts";

/**
 * The longest manifest, in bytes of UTF-8. Nearly all of a long one is its system prompt, and a prompt of a job is
 * capped at the same 262,144 (contract/http-api.md §1); the bound on parse time is the one on tokens, in tree.ts.
 */
export const MANIFEST_BYTES_MAX = 262_144;

const START = { line: 1, column: 1 } as const;

/** The text of a manifest's bytes, or undefined with the reason in `faults`: too large, or not UTF-8. */
export function decodeSource(bytes: Uint8Array, faults: FaultList): string | undefined {
  if (bytes.length > MANIFEST_BYTES_MAX) {
    refuseSize(bytes.length, faults);
    return undefined;
  }
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    const valid = countValidBytes(bytes);
    const before = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes.subarray(0, valid), { stream: true });
    faults.add({ ...createPlaceFinder(before)(before.length), path: "", message: "is not UTF-8", expected: UTF8 });
    return undefined;
  }
}

const UTF8 = "text in UTF-8 without a byte order mark";

/** How many bytes at the start are UTF-8; a character that is cut off at the end of the prefix does not count against it. */
function countValidBytes(bytes: Uint8Array): number {
  let low = 0;
  let high = bytes.length;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (isValidPrefix(bytes.subarray(0, middle))) low = middle;
    else high = middle - 1;
  }
  return low;
}

function isValidPrefix(bytes: Uint8Array): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}

/** Says in `faults` what of this text no manifest may be, before any parser sees it; true when it may go on. */
export function checkSource(text: string, faults: FaultList): boolean {
  // A UTF-16 unit is at most three bytes of UTF-8, and at least one: the encoder need not see a text that is far too long.
  const bytes = text.length > MANIFEST_BYTES_MAX ? text.length : new TextEncoder().encode(text).length;
  if (bytes > MANIFEST_BYTES_MAX) {
    refuseSize(bytes, faults);
    return false;
  }
  if (text.startsWith("\ufeff")) {
    faults.add({ ...START, path: "", message: "starts with a byte order mark", expected: UTF8 });
    return false;
  }
  const bad = UNPRINTABLE.exec(text);
  if (bad === null) return true;
  const isReturn = bad[0] === "\r";
  const code = bad[0].charCodeAt(0).toString(16).toUpperCase().padStart(4, "0");
  faults.add({
    ...createPlaceFinder(text)(bad.index),
    path: "",
    message: isReturn
      ? "has a carriage return without a line feed"
      : `has the character U+${code}, which YAML does not allow`,
    expected: isReturn ? "lines that end with LF or CR LF" : "YAML text",
  });
  return false;
}

/** What YAML 1.2.2 §5.1 does not count as printable, half a surrogate pair, and a CR that is no line end. */
const UNPRINTABLE = /(?![\t\n\r\u0085])\p{Cc}|\p{Cs}|[\ufffe\uffff]|\r(?!\n)/u;

function refuseSize(bytes: number, faults: FaultList): void {
  faults.add({
    ...START,
    path: "",
    message: `has ${bytes} bytes`,
    expected: `at most ${MANIFEST_BYTES_MAX}; put long material into the hen's workdir`,
  });
}
