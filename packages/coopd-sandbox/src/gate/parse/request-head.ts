import { canonicalHost } from "coopd-core";
import { type Fault, fault, MORE, type More } from "./fault.ts";
import { type BodyFraming, readFields } from "./request-fields.ts";

/** Where a request wants to go: null where it does not say (origin form without a Host, HTTP/1.0). */
export interface Authority {
  /** Canonical. */
  readonly host: string;
  readonly port: number;
}

/** The head of one request, with one meaning. */
export interface RequestHead {
  readonly kind: "head";
  /** In upper case. */
  readonly method: string;
  readonly form: "authority" | "absolute" | "origin";
  readonly authority: Authority | null;
  /** With its query; empty in authority form. */
  readonly target: string;
  readonly version: "1.0" | "1.1";
  /** What goes on to the server: without framing, Host and what concerns one connection only. */
  readonly fields: readonly (readonly [name: string, value: string])[];
  readonly body: BodyFraming;
  readonly isWebSocket: boolean;
  /** Of the head in the bytes that were read; what follows is body. */
  readonly length: number;
}

/** Room for large cookies and tokens; what curl and nginx take as well. */
export const HEAD_BYTES_MAX = 32 * 1024;

/**
 * Reads one HTTP/1.x request head. Everything that two readers could take differently is a fault: bare CR or LF, spaces where
 * none belong, folded lines, controls, bytes beyond ASCII, a second Host, a Host that is not the target, unclear framing,
 * upgrades other than WebSocket (RFC 9112 §§2.2, 3, 5, 6, 11.2; walls.md fact 10). `defaultPort` is what a Host without a
 * port means: 80, or the port at which the request was caught.
 */
export function parseRequestHead(bytes: Uint8Array, defaultPort = 80): RequestHead | Fault | More {
  const end = endOfHead(bytes);
  if (end < 0) {
    const start = toText(bytes.subarray(0, HEAD_BYTES_MAX));
    return faultOfStart(start) ?? (bytes.length > HEAD_BYTES_MAX ? fault("has a head of more than 32 KiB") : MORE);
  }
  if (end > HEAD_BYTES_MAX) return fault("has a head of more than 32 KiB");
  const text = toText(bytes.subarray(0, end));
  const bad = faultOfStart(text);
  if (bad !== null) return bad;
  const [first = "", ...lines] = text.slice(0, -4).split("\r\n");
  const line = REQUEST_LINE.exec(first);
  if (line === null) return fault("has a request line that is not METHOD SP TARGET SP HTTP/1.x");
  const [, method = "", target = "", minor] = line;
  const version = minor === "0" ? "1.0" : "1.1";
  const fields = readFields(lines, method, version);
  if (fields.kind === "fault") return fields;
  const place = readTarget(method, target);
  if (place.kind === "fault") return place;
  const authority = agree(place, fields.host, version, defaultPort);
  if (authority !== null && "kind" in authority) return authority;
  const { body, isWebSocket, forwarded } = fields;
  return {
    kind: "head",
    method,
    form: place.form,
    authority,
    target: place.path,
    version,
    fields: forwarded,
    body,
    isWebSocket,
    length: end,
  };
}

/** Methods are upper case with dashes, as M-SEARCH; a target has no space and nothing beyond ASCII. */
const REQUEST_LINE = /^([A-Z][A-Z-]{0,31}) ([\x21-\x7e]+) HTTP\/1\.([01])$/;

function toText(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
}

/** Behind the empty line; -1 while there is none. */
function endOfHead(bytes: Uint8Array): number {
  const at = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).indexOf("\r\n\r\n");
  return at < 0 ? -1 : at + 4;
}

/** What no head may have, whole or not: seen as early as possible, so that nobody waits for an end that never comes. */
function faultOfStart(text: string): Fault | null {
  if (/^[\r\n]/.test(text)) return fault("starts with an empty line");
  if (/[^\r]\n|\r(?!\n|$)/.test(text)) return fault("has a line that does not end in CRLF");
  // biome-ignore lint/suspicious/noControlCharactersInRegex: controls are exactly what is meant
  if (/[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\xff]/.test(text))
    return fault("has a byte in its head that is no printable ASCII");
  return /\r\n[ \t]/.test(text) ? fault("has a folded line or one that starts with a space") : null;
}

interface Place {
  readonly kind: "place";
  readonly form: RequestHead["form"];
  readonly authority: Authority | null;
  readonly path: string;
}

function readTarget(method: string, target: string): Place | Fault {
  if (/[\\#]/.test(target)) return fault("has a backslash or a fragment in its target");
  if (method === "CONNECT") {
    const authority = readAuthority(target, null);
    return "kind" in authority ? authority : { kind: "place", form: "authority", authority, path: "" };
  }
  if (method === "PRI") return fault("speaks HTTP/2 in the clear, which the gate does not");
  if (target.startsWith("/")) return { kind: "place", form: "origin", authority: null, path: target };
  if (target === "*" && method === "OPTIONS") return { kind: "place", form: "origin", authority: null, path: target };
  const absolute = /^http:\/\/([^/?]*)(\/.*)?$/i.exec(target);
  if (absolute === null) {
    return /^https:/i.test(target)
      ? fault("asks the gate to speak https for it; https goes by CONNECT")
      : fault("has a target that is no http:// address, no path and no HOST:PORT");
  }
  const authority = readAuthority(absolute[1] ?? "", 80);
  return "kind" in authority ? authority : { kind: "place", form: "absolute", authority, path: absolute[2] ?? "/" };
}

/** `HOST:PORT`, or `HOST` where there is a default port. */
function readAuthority(text: string, defaultPort: number | null): Authority | Fault {
  const parts = /^([^:@[\]]+|\[[0-9a-f:.]+\])(?::([1-9]\d{0,4}))?$/i.exec(text);
  const port = parts?.[2] === undefined ? defaultPort : Number(parts[2]);
  if (parts === null || port === null || port > 65_535) return fault("names no HOST:PORT", "host_invalid");
  const host = canonicalHost(parts[1] ?? "");
  return host === null ? fault("names no host, or one that readers take differently", "host_invalid") : { host, port };
}

/** Target and Host name one place; where only Host does, it counts. */
function agree(place: Place, field: string | null, version: string, defaultPort: number): Authority | null | Fault {
  if (field === null) return version === "1.1" ? fault("has no Host") : place.authority;
  // Some clients leave the port out of a CONNECT's Host.
  const said = readAuthority(
    field,
    place.form === "authority" ? (place.authority?.port ?? null) : place.form === "absolute" ? 80 : defaultPort,
  );
  if ("kind" in said || place.authority === null) return said;
  const isSame = said.host === place.authority.host && said.port === place.authority.port;
  return isSame
    ? place.authority
    : fault(
        `says Host ${said.host}:${said.port} and wants ${place.authority.host}:${place.authority.port}`,
        "sni_mismatch",
      );
}
