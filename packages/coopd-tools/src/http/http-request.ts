import { CoopError } from "coopd-core";
import { z } from "zod";

/** What browsers and servers agree on is a good deal less; a model that sends more is lost. */
const URL_CHARS_MAX = 8_192;
const HEADERS_MAX = 64;
const HEADER_CHARS_MAX = 16_384;
/** As file_write: more than any model writes in one answer. */
const BODY_BYTES_MAX = 8 * 1024 * 1024;

/** RFC 9110 §5.6.2. */
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
/** One line of Latin-1 (RFC 9110 §5.5), which is what goes over the wire. */
const FIELD_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

/** They are about the connection or the framing, which are ours, or open another protocol. */
const OWN_HEADERS: readonly string[] = [
  "connection",
  "content-length",
  "expect",
  "host",
  "http2-settings",
  "keep-alive",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
];

/** CONNECT opens a tunnel and TRACE sends back what should stay secret (RFC 9110 §9.3.6, §9.3.8). */
const FORBIDDEN_METHODS: readonly string[] = ["CONNECT", "TRACE"];

/** The call's input (contract/tools-sandbox.md §1, http). */
export const HttpInput = z.object({
  url: z.string().min(1, "must not be empty").max(URL_CHARS_MAX, `must be at most ${URL_CHARS_MAX} characters`),
  method: z
    .string()
    .regex(TOKEN, "must be GET, POST, PUT, DELETE, PATCH or HEAD")
    .max(32, "must be GET, POST, PUT, DELETE, PATCH or HEAD")
    .transform((text) => text.toUpperCase())
    .refine((method) => !FORBIDDEN_METHODS.includes(method), "must not be CONNECT or TRACE")
    .default("GET"),
  headers: z.record(z.string(), z.string()).default({}),
  body: z.string().nullish(),
});

/** One request of a call, as it goes to one origin. */
export interface HttpRequest {
  readonly method: string;
  readonly url: URL;
  /** Names in lower case, without those of the connection and the framing. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Buffer | undefined;
}

/** The first request of a call. @throws CoopError `tool_input_invalid` */
export function toHttpRequest(input: z.output<typeof HttpInput>): HttpRequest {
  const body = input.body == null ? undefined : Buffer.from(input.body, "utf8");
  if (body !== undefined && body.length > BODY_BYTES_MAX) {
    throw invalid(`body has ${body.length} bytes; the limit is ${BODY_BYTES_MAX}`);
  }
  return { method: input.method, url: parseHttpUrl(input.url, undefined), headers: toHeaders(input.headers), body };
}

/** An absolute http or https address without credentials; `base` is what a redirect is relative to. @throws CoopError `tool_input_invalid` */
export function parseHttpUrl(text: string, base: URL | undefined): URL {
  // A URL reader drops tabs and line breaks and takes a backslash for a slash: nobody means that.
  if (/[\s\p{Cc}\\]/u.test(text)) throw invalid("url has a space, a control character or a backslash in it");
  const url = URL.parse(text, base?.href);
  if (url === null) throw invalid("url is no absolute URL, as in https://example.org/path");
  if (url.protocol !== "http:" && url.protocol !== "https:") throw invalid("url must begin with http:// or https://");
  if (url.username !== "" || url.password !== "") {
    throw invalid("url must not have credentials in it; send them in an Authorization header");
  }
  return url;
}

function toHeaders(given: Readonly<Record<string, string>>): ReadonlyMap<string, string> {
  const entries = Object.entries(given);
  if (entries.length > HEADERS_MAX) throw invalid(`headers: there are ${entries.length}; the limit is ${HEADERS_MAX}`);
  const headers = new Map<string, string>();
  let chars = 0;
  for (const [given, value] of entries) {
    const name = given.toLowerCase();
    chars += name.length + value.length;
    if (!TOKEN.test(name)) throw invalid(`headers: ${JSON.stringify(given.slice(0, 64))} is no header name`);
    if (OWN_HEADERS.includes(name)) throw invalid(`headers: ${name} is set by Coop and cannot be given`);
    if (headers.has(name)) throw invalid(`headers: ${name} is given twice`);
    if (!FIELD_VALUE.test(value)) throw invalid(`headers: the value of ${name} is not one line of Latin-1 text`);
    headers.set(name, value.trim());
  }
  if (chars > HEADER_CHARS_MAX) throw invalid(`headers have ${chars} characters; the limit is ${HEADER_CHARS_MAX}`);
  return headers;
}

function invalid(what: string): CoopError {
  return new CoopError("tool_input_invalid", `invalid input for http: ${what}`);
}
