import { type Fault, fault } from "./fault.ts";

/** How the end of a body is told. */
export type BodyFraming =
  | { readonly kind: "none" }
  | { readonly kind: "length"; readonly bytes: number }
  | { readonly kind: "chunked" };

/** The fields of a head, judged. */
export interface Fields {
  readonly kind: "fields";
  readonly host: string | null;
  readonly body: BodyFraming;
  readonly isWebSocket: boolean;
  readonly forwarded: readonly (readonly [name: string, value: string])[];
}

/** Browsers send some twenty. */
const FIELDS_MAX = 100;

/** A token, a colon at once, anything printable (RFC 9110 §5.1, §5.5). */
const FIELD = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*(.*?)[ \t]*$/;

/** Each says something that a second one could contradict. */
const ONCE: ReadonlySet<string> = new Set([
  "host",
  "content-length",
  "transfer-encoding",
  "connection",
  "proxy-connection",
  "upgrade",
  "expect",
  "te",
  "trailer",
  "content-type",
  "authorization",
]);

/** Of one connection only, or written anew by the gate. */
const OWN: ReadonlySet<string> = new Set([
  "host",
  "content-length",
  "transfer-encoding",
  "connection",
  "proxy-connection",
  "keep-alive",
  "upgrade",
  "te",
  "trailer",
  "proxy-authorization",
  "proxy-authenticate",
]);

/** What a client may say about its connection; naming another field would have a server drop it. */
const CONNECTION_WORDS: ReadonlySet<string> = new Set(["close", "keep-alive", "te", "upgrade"]);

/** Reads and judges the lines behind the request line. */
export function readFields(lines: readonly string[], method: string, version: string): Fields | Fault {
  if (lines.length > FIELDS_MAX) return fault(`has more than ${FIELDS_MAX} header fields`);
  const forwarded: (readonly [string, string])[] = [];
  const single = new Map<string, string>();
  for (const line of lines) {
    const parts = FIELD.exec(line);
    if (parts === null) return fault("has a header field that is not NAME: VALUE");
    const [, name = "", value = ""] = parts;
    const lower = name.toLowerCase();
    // A gateway behind the server may read `_` as `-`.
    const dashed = lower.replaceAll("_", "-");
    if (dashed !== lower && (ONCE.has(dashed) || OWN.has(dashed)))
      return fault(`has a field ${name} that some read as ${dashed}`);
    if (lower === "http2-settings") return fault("wants HTTP/2 in the clear, which the gate does not speak");
    if (ONCE.has(lower)) {
      if (single.has(lower)) return fault(`has a second ${name}`);
      single.set(lower, value);
    }
    if (!OWN.has(lower)) forwarded.push([name, value]);
  }
  const isWebSocket = single.has("upgrade");
  const bad = faultOfConnection(single, method, version, isWebSocket);
  if (bad !== null) return bad;
  const body = readFraming(single, method, version);
  if (body.kind === "fault") return body;
  if (isWebSocket && body.kind !== "none") return fault("wants an upgrade and has a body");
  return { kind: "fields", host: single.get("host") ?? null, body, isWebSocket, forwarded };
}

function faultOfConnection(
  single: ReadonlyMap<string, string>,
  method: string,
  version: string,
  wantsUpgrade: boolean,
): Fault | null {
  const words = ["connection", "proxy-connection"].flatMap((name) => listOf(single.get(name)));
  const odd = words.find((word) => !CONNECTION_WORDS.has(word));
  if (odd !== undefined) return fault("has a Connection field that names other fields");
  const expect = single.get("expect");
  if (expect !== undefined && expect.toLowerCase() !== "100-continue")
    return fault("expects something other than 100-continue");
  if (!wantsUpgrade) return null;
  const isGood =
    single.get("upgrade")?.toLowerCase() === "websocket" &&
    method === "GET" &&
    version === "1.1" &&
    words.includes("upgrade");
  return isGood ? null : fault("wants an upgrade that is not to WebSocket");
}

function listOf(value: string | undefined): readonly string[] {
  return value === undefined ? [] : value.split(",").map((word) => word.trim().toLowerCase());
}

/** One length, or chunked and nothing else (RFC 9112 §6). */
function readFraming(single: ReadonlyMap<string, string>, method: string, version: string): BodyFraming | Fault {
  const length = single.get("content-length");
  const coding = single.get("transfer-encoding");
  if (coding !== undefined) {
    if (length !== undefined) return fault("has both Content-Length and Transfer-Encoding");
    if (version === "1.0") return fault("has Transfer-Encoding in HTTP/1.0");
    if (coding.toLowerCase() !== "chunked") return fault("has a Transfer-Encoding other than chunked");
    return method === "CONNECT" ? fault("is a CONNECT with a body") : { kind: "chunked" };
  }
  if (length === undefined) return { kind: "none" };
  if (!/^(?:0|[1-9]\d{0,14})$/.test(length)) return fault("has a Content-Length that is no plain number");
  if (length === "0") return { kind: "length", bytes: 0 };
  return method === "CONNECT" ? fault("is a CONNECT with a body") : { kind: "length", bytes: Number(length) };
}
