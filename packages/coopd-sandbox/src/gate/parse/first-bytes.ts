import { HANDSHAKE_RECORD } from "./client-hello.ts";

/** What a connection carries, by how it begins; `more` while that cannot be told. */
export type Carried = "tls" | "http" | "raw" | "more";

/** A request line longer than this is a request to no server; what nginx takes by default. */
const LINE_BYTES_MAX = 8 * 1024;

/**
 * Tells what a connection carries. `http` is everything that some server could take for an HTTP/1.x request, whole or not: the
 * strict parser then says whether it is one. `raw` is certainly none.
 */
export function classifyStart(bytes: Uint8Array): Carried {
  if (bytes.length === 0) return "more";
  if (bytes[0] === HANDSHAKE_RECORD) return "tls";
  // Empty lines and spaces before a request are skipped by some servers.
  const start = bytes.findIndex((byte) => byte !== 0x0d && byte !== 0x0a && byte !== 0x20 && byte !== 0x09);
  if (start < 0) return bytes.length > LINE_BYTES_MAX ? "http" : "more";
  if (!isLetter(bytes[start] ?? 0)) return "raw";
  const end = bytes.indexOf(0x0a, start);
  const line = Buffer.from(bytes.subarray(start, end < 0 ? bytes.length : end)).toString("latin1");
  if (end >= 0) return /http\/\d/i.test(line) ? "http" : "raw";
  if (line.length > LINE_BYTES_MAX) return "http";
  // A control where a method would end says that it is none; behind one, a server may still go on reading.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: controls are exactly what is meant
  return /^[a-z-]*[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]/i.test(line) ? "raw" : "more";
}

function isLetter(byte: number): boolean {
  return (byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a);
}
