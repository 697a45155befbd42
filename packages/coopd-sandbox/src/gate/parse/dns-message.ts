/** A question that a stub resolver asked (RFC 1035 §4.1). */
export interface DnsQuestion {
  readonly id: number;
  /** Dotted, as sent, without the last dot; empty for the root. */
  readonly name: string;
  readonly type: number;
  readonly wantsRecursion: boolean;
  /** Name, type and class as sent: the answer repeats them with the very case of the letters. */
  readonly raw: Uint8Array;
  /** It said that it understands EDNS (RFC 6891), so the answer says it too. */
  readonly hasEdns: boolean;
}

/** A query that is not answered with data, and the code that says why. */
export interface DnsFault {
  readonly id: number;
  readonly rcode: keyof typeof RCODES;
}

/** Response codes of RFC 1035 §4.1.1. */
export const RCODES = { ok: 0, format: 1, server: 2, no_name: 3, not_implemented: 4, refused: 5 } as const;
/** Types of records that the gate knows by number. */
export const DNS_TYPES = { a: 1, aaaa: 28 } as const;

/** A query of one question, at most one additional record and EDNS, is far below what fits without fragments. */
export const QUERY_BYTES_MAX = 1232;
const HEADER_BYTES = 12;
const CLASS_IN = 1;
const TYPE_OPT = 41;

/** Reads a query; null for what deserves no answer: too short, an answer itself, or beyond the limit. */
export function parseDnsQuery(bytes: Uint8Array): DnsQuestion | DnsFault | null {
  if (bytes.length < HEADER_BYTES || bytes.length > QUERY_BYTES_MAX) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const id = view.getUint16(0);
  const flags = view.getUint16(2);
  if ((flags & 0x8000) !== 0) return null;
  if ((flags & 0x7800) !== 0) return { id, rcode: "not_implemented" };
  const [questions, answers, authorities, additional] = [4, 6, 8, 10].map((at) => view.getUint16(at));
  if (questions !== 1 || answers !== 0 || authorities !== 0 || (additional ?? 0) > 1) return { id, rcode: "format" };
  const name = readName(bytes, HEADER_BYTES);
  if (name === null || name.end + 4 > bytes.length) return { id, rcode: "format" };
  const type = view.getUint16(name.end);
  const end = name.end + 4;
  if (view.getUint16(name.end + 2) !== CLASS_IN) return { id, rcode: "not_implemented" };
  const hasEdns = additional === 1;
  if (hasEdns ? !isOpt(bytes, view, end) : end !== bytes.length) return { id, rcode: "format" };
  const wantsRecursion = (flags & 0x0100) !== 0;
  return { id, name: name.text, type, wantsRecursion, raw: bytes.slice(HEADER_BYTES, end), hasEdns };
}

/** An answer with no more than one address; one second to live, for the policy may change. */
export function writeDnsAnswer(
  question: DnsQuestion,
  rcode: keyof typeof RCODES,
  address?: readonly number[],
): Uint8Array {
  const record =
    address === undefined ? [] : [0xc0, HEADER_BYTES, 0, DNS_TYPES.a, 0, CLASS_IN, 0, 0, 0, 1, 0, 4, ...address];
  const edns = question.hasEdns ? [0, 0, TYPE_OPT, QUERY_BYTES_MAX >> 8, QUERY_BYTES_MAX & 0xff, 0, 0, 0, 0, 0, 0] : [];
  const header = writeHeader(question.id, question.wantsRecursion, rcode, [
    1,
    address === undefined ? 0 : 1,
    question.hasEdns ? 1 : 0,
  ]);
  return Uint8Array.from([...header, ...question.raw, ...record, ...edns]);
}

/** The answer to a query that could not be read, or is not served. */
export function writeDnsFault({ id, rcode }: DnsFault): Uint8Array {
  return Uint8Array.from(writeHeader(id, false, rcode, [0, 0, 0]));
}

function writeHeader(
  id: number,
  wantsRecursion: boolean,
  rcode: keyof typeof RCODES,
  [questions, answers, additional]: readonly [number, number, number],
): readonly number[] {
  // An answer, with recursion available: a stub resolver asks nobody else.
  const flags = 0x8080 | (wantsRecursion ? 0x0100 : 0) | RCODES[rcode];
  return [id >> 8, id & 0xff, flags >> 8, flags & 0xff, 0, questions, 0, answers, 0, 0, 0, additional];
}

/** Labels up to the root, without pointers: there is nothing before a question to point to. */
function readName(bytes: Uint8Array, start: number): { readonly text: string; readonly end: number } | null {
  const labels: string[] = [];
  let at = start;
  for (;;) {
    const length = bytes[at];
    if (length === undefined || length > 63) return null;
    at += 1;
    if (length === 0) break;
    if (at + length > bytes.length || at + length - start > 254) return null;
    const label = Buffer.from(bytes.subarray(at, at + length)).toString("latin1");
    // A dot inside a label would make two names one.
    if (label.includes(".")) return null;
    labels.push(label);
    at += length;
  }
  return { text: labels.join("."), end: at };
}

/** The root's name, OPT, and as much data as it says, up to the very end. */
function isOpt(bytes: Uint8Array, view: DataView, start: number): boolean {
  if (start + 11 > bytes.length || bytes[start] !== 0 || view.getUint16(start + 1) !== TYPE_OPT) return false;
  return start + 11 + view.getUint16(start + 9) === bytes.length;
}
