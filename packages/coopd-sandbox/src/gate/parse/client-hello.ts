import { type Fault, fault, MORE, type More } from "./fault.ts";

/** What a TLS client says first, as far as the gate cares. */
export interface ClientHello {
  readonly kind: "hello";
  /** The name it asks for, as sent; null when it asks for none. */
  readonly sni: string | null;
}

/** Hellos with post-quantum keys have 2 KiB; sixteen leave room for what is to come. */
export const HELLO_BYTES_MAX = 16 * 1024;

/** First byte of a TLS record with a handshake in it (RFC 8446 §5.1). */
export const HANDSHAKE_RECORD = 0x16;
const CLIENT_HELLO = 1;
const SERVER_NAME = 0;
/** RFC 8446 §5.1. */
const RECORD_BYTES_MAX = 16_384;

/**
 * Reads the ClientHello at the start of a connection, in one record or in several (RFC 8446 §4.1.2, RFC 6066 §3). Lengths that
 * do not add up, an extension twice, several names, anything else in its records are faults.
 */
export function parseClientHello(bytes: Uint8Array): ClientHello | Fault | More {
  const message = joinRecords(bytes);
  if (!(message instanceof Uint8Array)) return message;
  try {
    return readHello(createCursor(message.subarray(4)));
  } catch (error) {
    if (error instanceof OddLength) return fault("has a ClientHello whose lengths do not add up");
    throw error;
  }
}

/** The handshake message without its records. */
function joinRecords(bytes: Uint8Array): Uint8Array | Fault | More {
  const parts: Uint8Array[] = [];
  let have = 0;
  for (let at = 0; ; ) {
    const [type, major, minor, high, low] = bytes.subarray(at, at + 5);
    if (type !== undefined && type !== HANDSHAKE_RECORD)
      return fault("has a TLS record that is no handshake before its ClientHello ends");
    if (major !== undefined && major !== 3) return fault("has a TLS record of an unknown version");
    if (minor !== undefined && minor > 4) return fault("has a TLS record of an unknown version");
    if (high === undefined || low === undefined) return bytes.length > HELLO_BYTES_MAX ? fault(TOO_LONG) : MORE;
    const length = (high << 8) | low;
    if (length === 0 || length > RECORD_BYTES_MAX) return fault("has a TLS record of no length, or of too much");
    const part = bytes.subarray(at + 5, at + 5 + length);
    parts.push(part);
    have += part.length;
    const message = parts.length === 1 ? part : Buffer.concat(parts);
    const [kind, size2, size1, size0] = message;
    if (kind !== undefined && kind !== CLIENT_HELLO)
      return fault("starts its TLS with something other than a ClientHello");
    if (size2 !== undefined && size1 !== undefined && size0 !== undefined) {
      const size = 4 + ((size2 << 16) | (size1 << 8) | size0);
      if (size > HELLO_BYTES_MAX) return fault(TOO_LONG);
      if (have > size || (have === size && part.length < length))
        return fault("has something behind its ClientHello in the same record");
      if (have === size) return message;
    }
    if (part.length < length) return bytes.length > HELLO_BYTES_MAX + 5 ? fault(TOO_LONG) : MORE;
    at += 5 + length;
  }
}

const TOO_LONG = "has a ClientHello of more than 16 KiB";

function readHello(hello: Cursor): ClientHello | Fault {
  if (hello.number(1) !== 3) return fault("has a ClientHello of an unknown version");
  hello.skip(1 + 32);
  if (hello.block(1).left() > 32) return fault("has a session id of more than 32 bytes");
  hello.block(2);
  hello.block(1);
  if (hello.left() === 0) return { kind: "hello", sni: null };
  const extensions = hello.block(2);
  if (hello.left() > 0) return fault("has bytes behind the extensions of its ClientHello");
  const seen = new Set<number>();
  let sni: string | null = null;
  while (extensions.left() > 0) {
    const type = extensions.number(2);
    const body = extensions.block(2);
    if (seen.has(type)) return fault("has an extension twice in its ClientHello");
    seen.add(type);
    if (type !== SERVER_NAME) continue;
    const names = body.block(2);
    if (names.number(1) !== 0) return fault("asks for a server name of an unknown kind");
    sni = names.block(2).text();
    if (names.left() > 0 || body.left() > 0) return fault("asks for several server names");
    if (sni === "") return fault("asks for an empty server name");
  }
  return { kind: "hello", sni };
}

class OddLength extends Error {}

interface Cursor {
  number(bytes: number): number;
  skip(bytes: number): void;
  /** What a length of so many bytes announces. */
  block(lengthBytes: number): Cursor;
  left(): number;
  text(): string;
}

/** Reads from the front. @throws OddLength when there is less than asked for */
function createCursor(bytes: Uint8Array): Cursor {
  let at = 0;
  const take = (count: number): Uint8Array => {
    if (at + count > bytes.length) throw new OddLength();
    at += count;
    return bytes.subarray(at - count, at);
  };
  const number = (count: number): number => take(count).reduce((sum, byte) => sum * 256 + byte, 0);
  return {
    number,
    skip: (count) => void take(count),
    block: (lengthBytes) => createCursor(take(number(lengthBytes))),
    left: () => bytes.length - at,
    text: () => Buffer.from(take(bytes.length - at)).toString("latin1"),
  };
}
