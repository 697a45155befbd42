/**
 * Takes terminal control out of a byte stream before it is stored (walls.md, Files): a hen's output is read by models,
 * by log viewers and by the farmer's own terminal, and none of them shall be driven by it. ECMA-48 (5th edition, 1991)
 * control sequences (CSI, §5.4), control strings (OSC, DCS, SOS, PM, APC, §5.6), two-byte escapes, C0 but tab, line
 * feed and carriage return, DEL, and C1 as UTF-8 are dropped. Works on any chunk borders.
 */
export interface EscapeStripper {
  /** The bytes that stay. The result may share memory with `chunk`; it is valid until the chunk is changed. */
  strip(chunk: Uint8Array): Uint8Array;
}

type State = "ground" | "escape" | "intermediate" | "csi" | "string" | "string-escape" | "c2";

/** A control string ends at a line feed or here at the latest, so that stray bytes can't swallow a whole output. */
const CONTROL_STRING_BYTES_MAX = 4096;

const ESC = 0x1b;
const LINE_FEED = 0x0a;

/** A stripper at the start of a stream; its state goes over chunk borders. */
export function createEscapeStripper(): EscapeStripper {
  let state: State = "ground";
  let stringBytes = 0;

  /** Handles one byte outside plain text; true when the byte itself is kept. */
  function step(byte: number): boolean {
    if (byte === ESC) {
      state = state === "string" ? "string-escape" : "escape";
      return false;
    }
    switch (state) {
      case "escape":
      case "string-escape":
        state = afterEscape(byte);
        stringBytes = 0;
        return state === "ground" && byte === LINE_FEED;
      case "intermediate":
        if (byte < 0x20 || byte > 0x2f) state = "ground";
        return state === "ground" && byte === LINE_FEED;
      case "csi":
        if (byte >= 0x20 && byte <= 0x3f) return false;
        state = "ground";
        return byte === LINE_FEED;
      case "string":
        stringBytes += 1;
        if (byte === 0x07 || byte === LINE_FEED || stringBytes >= CONTROL_STRING_BYTES_MAX) state = "ground";
        return byte === LINE_FEED;
      default:
        return false;
    }
  }

  function strip(chunk: Uint8Array): Uint8Array {
    if (state === "ground" && isPlain(chunk)) return chunk;
    const kept = new Uint8Array(chunk.length + 1); // one more: a 0xC2 held back from the chunk before
    let length = 0;
    for (let at = 0; at < chunk.length; at += 1) {
      const byte = chunk[at] ?? 0;
      if (state === "c2") {
        state = afterC2(byte);
        if (state !== "ground" || (byte >= 0x80 && byte <= 0x9f)) continue;
        // A C2 without its second byte must not find one behind a sequence that is dropped; FF decodes to U+FFFD, too.
        kept[length++] = byte >= 0xa0 && byte <= 0xbf ? 0xc2 : 0xff;
      }
      if (state === "ground" && byte === 0xc2) {
        state = "c2";
      } else if (state === "ground" && isText(byte)) {
        kept[length++] = byte;
      } else if (step(byte)) {
        kept[length++] = byte;
      }
    }
    return kept.subarray(0, length);
  }

  return { strip };
}

function afterEscape(byte: number): State {
  if (byte === 0x5b) return "csi";
  if (byte === 0x5d || byte === 0x50 || byte === 0x58 || byte === 0x5e || byte === 0x5f) return "string";
  return byte >= 0x20 && byte <= 0x2f ? "intermediate" : "ground";
}

/** C1 controls are U+0080 to U+009F, in UTF-8 0xC2 and one byte. */
function afterC2(byte: number): State {
  if (byte === 0x9b) return "csi";
  return byte === 0x90 || byte === 0x98 || byte === 0x9d || byte === 0x9e || byte === 0x9f ? "string" : "ground";
}

function isText(byte: number): boolean {
  return (byte >= 0x20 && byte !== 0x7f) || byte === 0x09 || byte === LINE_FEED || byte === 0x0d;
}

function isPlain(chunk: Uint8Array): boolean {
  // By index: an iterator makes this, which every byte passes, five times slower.
  for (let at = 0; at < chunk.length; at += 1) {
    const byte = chunk[at] ?? 0;
    if (byte === 0xc2 || !isText(byte)) return false;
  }
  return true;
}
