import { createEscapeStripper } from "./escape-stripper.ts";

/** What is kept of one output stream of a process. */
export interface CapturedOutput {
  /** Valid Unicode without terminal control; where the middle was left out, a line in it says how much. */
  readonly text: string;
  /** Bytes that the process wrote. */
  readonly bytes: number;
  readonly truncated: boolean;
}

/** Takes a stream's bytes as they come and holds a bounded part of them; `finish` is called once. */
export interface OutputCapture {
  add(chunk: Uint8Array): void;
  finish(): CapturedOutput;
}

/**
 * Keeps the first and the last half of `bytesMax` bytes of a stream, so that memory is bounded whatever is written:
 * the head shows what began, the tail how it ended, and the middle is counted.
 */
export function createOutputCapture(bytesMax: number): OutputCapture {
  const headMax = Math.ceil(bytesMax / 2);
  const tail = createRing(bytesMax - headMax);
  const stripper = createEscapeStripper();
  let head = new Uint8Array(Math.min(headMax, 4096));
  let headLength = 0;
  let bytes = 0;

  function add(chunk: Uint8Array): void {
    bytes += chunk.length;
    const kept = stripper.strip(chunk);
    const forHead = Math.min(kept.length, headMax - headLength);
    if (forHead > 0) {
      head = grown(head, headLength + forHead, headMax);
      head.set(kept.subarray(0, forHead), headLength);
      headLength += forHead;
    }
    tail.push(kept.subarray(forHead));
  }

  function finish(): CapturedOutput {
    const first = head.subarray(0, headLength);
    const last = tail.read();
    if (tail.lost() === 0) return { text: decode(joined(first, last)), bytes, truncated: false };
    const whole = first.subarray(0, endOfLastCharacter(first));
    const rest = last.subarray(startOfFirstCharacter(last));
    const left = tail.lost() + (first.length - whole.length) + (last.length - rest.length);
    return { text: `${decode(whole)}\n[... ${left} bytes left out ...]\n${decode(rest)}`, bytes, truncated: true };
  }

  return { add, finish };
}

interface Ring {
  push(chunk: Uint8Array): void;
  /** The bytes kept, oldest first. */
  read(): Uint8Array;
  /** Bytes pushed out. */
  lost(): number;
}

function createRing(size: number): Ring {
  let ring: Uint8Array | undefined; // made at the first byte: most outputs never need a tail
  let total = 0;
  function push(chunk: Uint8Array): void {
    if (chunk.length === 0) return;
    ring ??= new Uint8Array(size);
    const last = size === 0 ? chunk.subarray(chunk.length) : chunk.subarray(-size);
    const start = (total + chunk.length - last.length) % Math.max(size, 1);
    const first = Math.min(last.length, size - start);
    ring.set(last.subarray(0, first), start);
    ring.set(last.subarray(first), 0);
    total += chunk.length;
  }
  function read(): Uint8Array {
    if (ring === undefined || total <= size) return ring?.subarray(0, total) ?? new Uint8Array(0);
    const start = total % Math.max(size, 1);
    return joined(ring.subarray(start), ring.subarray(0, start));
  }
  return { push, read, lost: () => Math.max(0, total - size) };
}

function grown(buffer: Uint8Array<ArrayBuffer>, needed: number, max: number): Uint8Array<ArrayBuffer> {
  if (needed <= buffer.length) return buffer;
  const larger = new Uint8Array(Math.min(max, Math.max(needed, buffer.length * 2)));
  larger.set(buffer);
  return larger;
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

/** Bytes that are not UTF-8 become U+FFFD, as the original's lossy decoding does. */
function decode(bytes: Uint8Array): string {
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
}

/** A UTF-8 character has at most four bytes; its continuation bytes begin with the bits 10. */
const CHARACTER_BYTES_MAX = 4;

/** Where to cut so that no character is split at the end. */
export function endOfLastCharacter(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(CHARACTER_BYTES_MAX, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if ((byte & 0xc0) === 0x80) continue;
    const wanted = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return wanted > back ? bytes.length - back : bytes.length;
  }
  return bytes.length;
}

function startOfFirstCharacter(bytes: Uint8Array): number {
  let start = 0;
  while (start < Math.min(CHARACTER_BYTES_MAX - 1, bytes.length) && ((bytes[start] ?? 0) & 0xc0) === 0x80) start += 1;
  return start;
}
