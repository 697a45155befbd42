import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import {
  constants,
  createBrotliDecompress,
  createGunzip,
  createInflate,
  createInflateRaw,
  createZstdDecompress,
} from "node:zlib";
import { CoopError } from "coopd-core";

/** What a call may bring of an answer, decoded (contract/tools-sandbox.md §1). */
export const BODY_BYTES_MAX = 1_048_576;
/**
 * Read of an encoded answer at most. What comes out is bounded anyway; a stream that is made of empty blocks brings nothing
 * out for ever.
 */
const WIRE_BYTES_MAX = 8 * BODY_BYTES_MAX;
/** Two encodings one over the other do occur by mistake of a proxy; a longer list is an attack. */
const ENCODINGS_MAX = 2;
/** 8 MiB, the window that every decoder of zstd must have (RFC 8878 §3.1.1.1.2); a larger one is memory that the sender chooses. */
const ZSTD_WINDOW_LOG_MAX = 23;

/** The start of a body, decoded. */
export interface BodyStart {
  readonly bytes: Buffer;
  /** There was more, or may have been. */
  readonly isCut: boolean;
}

/** Encodings that {@link readBody} takes, as `Accept-Encoding` says it. */
export const ACCEPT_ENCODING = "gzip, deflate, br, zstd";

/**
 * Reads and decodes a body up to {@link BODY_BYTES_MAX} and not further: memory stays at some windows and buffers whatever
 * is sent. The rest is left unread; the caller destroys the connection.
 * @throws CoopError `tool_failed` for an encoding that is not known or a body that is not what it says
 */
export async function readBody(message: IncomingMessage): Promise<BodyStart> {
  const names = String(message.headers["content-encoding"] ?? "")
    .toLowerCase()
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "" && name !== "identity");
  if (names.length === 0) return collect(message);
  if (names.length > ENCODINGS_MAX) throw broken(`has ${names.length} encodings, one over the other`);
  const wire = new WireLimit();
  let stream: AsyncIterable<Buffer> = wire.of(message);
  for (const name of names.reverse()) stream = decode(stream, name);
  return collect(stream, wire);
}

async function collect(stream: AsyncIterable<Buffer>, wire?: WireLimit): Promise<BodyStart> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of stream) {
      const room = BODY_BYTES_MAX - size;
      chunks.push(chunk.length > room ? chunk.subarray(0, room) : chunk);
      size += Math.min(chunk.length, room);
      if (chunk.length > room) return { bytes: Buffer.concat(chunks), isCut: true };
    }
  } catch (error) {
    if (wire?.isReached !== true) throw error; // else the decoder misses the end that was cut off here
    return { bytes: Buffer.concat(chunks), isCut: true };
  }
  return { bytes: Buffer.concat(chunks), isCut: wire?.isReached === true };
}

/** Ends a stream when so much has come of it. */
class WireLimit {
  isReached = false;

  async *of(stream: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    let size = 0;
    for await (const chunk of stream) {
      size += chunk.length;
      yield chunk;
      if (size < WIRE_BYTES_MAX) continue;
      this.isReached = true;
      return;
    }
  }
}

/** What a decoder makes of a stream, piece by piece; an empty stream stays one, whatever its encoding is called. */
async function* decode(stream: AsyncIterable<Buffer>, name: string): AsyncGenerator<Buffer> {
  const source = stream[Symbol.asyncIterator]();
  const first = await nextFilled(source);
  if (first === undefined) return;
  const decoder = createDecoder(name, first);
  const feeding = feed(decoder, first, source);
  try {
    for await (const chunk of decoder) yield chunk as Buffer;
    await feeding;
  } catch (error) {
    if (error instanceof CoopError) throw error;
    throw broken(`is not what its encoding ${JSON.stringify(name)} says`, error);
  } finally {
    decoder.destroy();
    await feeding.catch(() => undefined); // what went wrong there ended the loop above
  }
}

/** Writes no faster than the decoder takes, which takes no faster than it is read. */
async function feed(decoder: Duplex, first: Buffer, source: AsyncIterator<Buffer>): Promise<void> {
  const closed = new Promise<void>((resolve) => decoder.once("close", resolve));
  try {
    for (let chunk: Buffer | undefined = first; chunk !== undefined && !decoder.destroyed; ) {
      if (!decoder.write(chunk)) {
        await Promise.race([new Promise<void>((resolve) => decoder.once("drain", resolve)), closed]);
      }
      chunk = await nextFilled(source);
    }
    if (!decoder.destroyed) decoder.end();
  } catch (error) {
    decoder.destroy(error instanceof Error ? error : new Error(String(error)));
  }
}

async function nextFilled(source: AsyncIterator<Buffer>): Promise<Buffer | undefined> {
  for (;;) {
    const { value, done } = await source.next();
    if (done === true) return undefined;
    if (value.length > 0) return value;
  }
}

function createDecoder(name: string, first: Buffer): Duplex {
  switch (name) {
    case "gzip":
    case "x-gzip":
      return createGunzip();
    case "deflate":
      return hasZlibHeader(first) ? createInflate() : createInflateRaw();
    case "br":
      return createBrotliDecompress();
    case "zstd":
      return createZstdDecompress({ params: { [constants.ZSTD_d_windowLogMax]: ZSTD_WINDOW_LOG_MAX } });
    default:
      throw broken(`has the encoding ${JSON.stringify(name.slice(0, 32))}, which is not known here`);
  }
}

/** "deflate" is zlib's format (RFC 1950) by the standard, and raw deflate by some servers. */
function hasZlibHeader(first: Buffer): boolean {
  const [method = 0, flags = 0] = first;
  return (method & 0x0f) === 8 && ((method << 8) | flags) % 31 === 0;
}

function broken(what: string, cause?: unknown): CoopError {
  return new CoopError("tool_failed", `the answer's body ${what}`, cause === undefined ? {} : { cause });
}
