import { type Fault, fault } from "./fault.ts";
import type { BodyFraming } from "./request-fields.ts";

/** What came of some bytes of a body. */
export interface BodyStep {
  /** To be sent on, in order. */
  readonly out: readonly Uint8Array[];
  /** The body has ended; what the bytes held beyond its end is not part of it. */
  readonly isOver: boolean;
}

/** Reads a body as it was announced, and writes it anew. */
export interface BodyReader {
  /** Nothing may be pushed once it is over. */
  push(bytes: Uint8Array): BodyStep | Fault;
}

/** Reads a body of the given framing; one of `none` is over at once. */
export function createBodyReader(framing: BodyFraming): BodyReader {
  if (framing.kind === "chunked") return createChunkReader();
  let left = framing.kind === "length" ? framing.bytes : 0;
  return {
    push(bytes) {
      const part = bytes.subarray(0, Math.min(left, bytes.length));
      left -= part.length;
      return { out: part.length > 0 ? [part] : [], isOver: left === 0 };
    },
  };
}

/** Eight hexadecimal digits are 4 GiB a chunk; then CRLF. */
const SIZE_LINE_BYTES_MAX = 10;
const CR = 0x0d;
const LF = 0x0a;

/**
 * Chunks without extensions and without trailers, which clients do not send and servers read differently (RFC 9112 §7.1). Each
 * piece goes on as a chunk of its own, so that nothing waits for the rest of a large one.
 */
function createChunkReader(): BodyReader {
  let line: number[] = [];
  let left = 0;
  /** size: a size line · data · gap: the CRLF behind a chunk · last: the CRLF behind the last one. */
  let state: "size" | "data" | "gap" | "last" = "size";

  function takeLine(byte: number): Fault | null {
    line.push(byte);
    if (line.length > SIZE_LINE_BYTES_MAX) return fault("has a chunk size of more than eight digits, or an extension");
    if (byte === LF ? line.at(-2) !== CR : byte !== CR && line.includes(CR))
      return fault("has a chunk size that does not end in CRLF");
    if (byte !== LF) return null;
    const text = String.fromCharCode(...line.slice(0, -2));
    if (!/^[0-9a-f]{1,8}$/i.test(text)) return fault("has a chunk size that is no hexadecimal number");
    left = Number.parseInt(text, 16);
    line = [];
    state = left === 0 ? "last" : "data";
    return null;
  }

  function takeEnd(byte: number): Fault | null {
    const wanted = line.length === 0 ? CR : LF;
    if (byte !== wanted)
      return fault(state === "last" ? "has trailers behind its body" : "has a chunk longer than its size");
    line.push(byte);
    return null;
  }

  return {
    push(bytes) {
      const out: Uint8Array[] = [];
      for (let at = 0; at < bytes.length; ) {
        if (state === "data") {
          const part = bytes.subarray(at, at + Math.min(left, bytes.length - at));
          out.push(Buffer.from(`${part.length.toString(16)}\r\n`), part, Buffer.from("\r\n"));
          at += part.length;
          left -= part.length;
          if (left === 0) state = "gap";
          continue;
        }
        const byte = bytes[at] ?? 0;
        at += 1;
        const bad = state === "size" ? takeLine(byte) : takeEnd(byte);
        if (bad !== null) return bad;
        if ((state !== "gap" && state !== "last") || line.length < 2) continue;
        line = [];
        if (state === "last") return { out: [...out, Buffer.from("0\r\n\r\n")], isOver: true };
        state = "size";
      }
      return { out, isOver: false };
    },
  };
}
