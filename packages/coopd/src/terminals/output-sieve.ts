import { isForViewers, toBounded } from "./sequence-rules.ts";

/** One chunk of output, made of whole characters and whole escape sequences. */
export interface SievedOutput {
  /** For the daemon's own screen: everything that a screen can act on. */
  readonly screen: Uint8Array;
  /** For those who watch: the same without what asks a terminal something, or reaches outside of its window. */
  readonly viewers: Uint8Array;
}

/** Cuts a program's output where a new viewer may begin, and takes out what viewers must not act on. */
export interface OutputSieve {
  push(bytes: Uint8Array): SievedOutput;
}

const ESC = 0x1b;
const BEL = 0x07;
const [CAN, SUB] = [0x18, 0x1a];
/** First byte of U+0080 to U+00BF in UTF-8; up to U+009F they are C1 controls, which nobody means to print. */
const C1_LEAD = 0xc2;

/** A parameter list longer than this is none. */
const CSI_BYTES_MAX = 256;
/** A title has some tens of bytes; what is longer is a picture or a clipboard, which no screen of ours shows. */
const STRING_BYTES_MAX = 8 * 1024;

/** String sequences: OSC, DCS, APC, PM, SOS (ECMA-48 §5.6). */
const STRINGS = new Set(["]", "P", "_", "^", "X"].map((text) => text.charCodeAt(0)));

/** Where a sequence ends, or why it has no end: more bytes are needed, or it is none and is left out up to `next`. */
type Cut =
  | { readonly kind: "whole"; readonly next: number }
  | { readonly kind: "more" }
  | { readonly kind: "none"; readonly next: number }
  | { readonly kind: "endless" };

/** A fresh sieve, for one terminal. `countMax` is the larger side of its screen just now. */
export function createOutputSieve(countMax: () => number): OutputSieve {
  let held: Uint8Array = new Uint8Array();
  let isDiscarding = false;

  function push(bytes: Uint8Array): SievedOutput {
    const all = held.length === 0 ? bytes : Buffer.concat([held, bytes]);
    const screen: Uint8Array[] = [];
    const viewers: Uint8Array[] = [];
    let at = isDiscarding ? skipString(all) : 0;
    while (at < all.length) {
      const next = nextControl(all, at);
      if (next > at) {
        const run = all.subarray(at, next === all.length ? wholeCharacters(all, at) : next);
        screen.push(run);
        viewers.push(run);
        at += run.length;
        if (at < next) break; // the beginning of a character
        continue;
      }
      const cut = cutAt(all, at);
      if (cut.kind === "more") break;
      if (cut.kind === "endless") {
        isDiscarding = true;
        at = all.length;
        break;
      }
      if (cut.kind === "whole") {
        const sequence = toBounded(all.subarray(at, cut.next), countMax());
        screen.push(sequence);
        if (isForViewers(sequence)) viewers.push(sequence);
      }
      at = cut.next;
    }
    held = all.slice(at);
    return { screen: join(screen), viewers: join(viewers) };
  }

  /** Up to behind the end of a string that is left out. */
  function skipString(all: Uint8Array): number {
    const end = stringEnd(all, 0);
    if (end.kind === "more" || end.kind === "endless") return all.at(-1) === ESC ? all.length - 1 : all.length;
    isDiscarding = false;
    return end.next;
  }

  return { push };
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  return parts.length === 1 ? (parts[0] ?? new Uint8Array()) : Buffer.concat(parts);
}

/** The next ESC or C1 control, or the end. */
function nextControl(all: Uint8Array, from: number): number {
  const esc = all.indexOf(ESC, from);
  const end = esc === -1 ? all.length : esc;
  const run = all.subarray(from, end); // looked through once, however many sequences follow
  for (let lead = run.indexOf(C1_LEAD); lead !== -1; lead = run.indexOf(C1_LEAD, lead + 1)) {
    if (((run[lead + 1] ?? 0) & 0xe0) === 0x80) return from + lead;
  }
  return end;
}

/** Where the last whole character ends; a broken one of up to three bytes at the end waits for its rest. */
function wholeCharacters(all: Uint8Array, from: number): number {
  for (let back = 1; back <= 3 && all.length - back >= from; back += 1) {
    const byte = all[all.length - back] ?? 0;
    if ((byte & 0xc0) === 0x80) continue;
    const size = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return size > back ? all.length - back : all.length;
  }
  return all.length;
}

function cutAt(all: Uint8Array, at: number): Cut {
  if (all[at] === C1_LEAD) return { kind: "none", next: at + 2 };
  const kind = all[at + 1];
  if (kind === undefined) return { kind: "more" };
  if (kind === 0x5b) return cutCsi(all, at);
  if (STRINGS.has(kind)) {
    const end = stringEnd(all, at + 2);
    if (end.kind !== "more") return end;
    return all.length - at > STRING_BYTES_MAX ? { kind: "endless" } : end;
  }
  return cutShort(all, at);
}

/** `ESC [ parameters intermediates final`; another control inside breaks it off (ECMA-48 §5.4). */
function cutCsi(all: Uint8Array, at: number): Cut {
  for (let next = at + 2; next < all.length; next += 1) {
    const byte = all[next] ?? 0;
    if (byte >= 0x40 && byte <= 0x7e) return { kind: "whole", next: next + 1 };
    if (byte < 0x20 || byte > 0x3f || next - at > CSI_BYTES_MAX) return { kind: "none", next };
  }
  return { kind: "more" };
}

/** `ESC intermediates final`. */
function cutShort(all: Uint8Array, at: number): Cut {
  for (let next = at + 1; next < all.length; next += 1) {
    const byte = all[next] ?? 0;
    if (byte >= 0x30 && byte <= 0x7e) return { kind: "whole", next: next + 1 };
    if (byte < 0x20 || byte > 0x2f || next - at > CSI_BYTES_MAX) return { kind: "none", next };
  }
  return { kind: "more" };
}

/** A string ends with ST or BEL; CAN, SUB and any other escape break it off. BEL inside a DCS does too, which is safe. */
function stringEnd(all: Uint8Array, from: number): Cut {
  for (let next = from; next < all.length; next += 1) {
    const byte = all[next];
    if (byte === BEL) return { kind: "whole", next: next + 1 };
    if (byte === CAN || byte === SUB) return { kind: "none", next: next + 1 };
    if (byte !== ESC) continue;
    if (next + 1 >= all.length) return { kind: "more" };
    return all[next + 1] === 0x5c ? { kind: "whole", next: next + 2 } : { kind: "none", next };
  }
  return { kind: "more" };
}
