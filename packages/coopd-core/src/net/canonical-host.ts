import { NUMBER_END } from "./host-pattern.ts";
import { formatIp, parseIp } from "./ip-address.ts";

/** DNS allows 253; one more for a trailing dot. International names grow when they become punycode, so they are measured behind it. */
const HOST_CHARS_MAX = 254;

/**
 * The one spelling of a host: a name in lower case and punycode without a trailing dot, an IPv4 address as four decimals
 * whatever its spelling (WHATWG URL, "IPv4 parser"), an IPv6 address in brackets (RFC 5952). Null for what is no host, or one
 * that readers take differently: credentials, a port, percent signs, zones, spaces, controls, malformed labels.
 */
export function canonicalHost(text: string): string | null {
  if (text === "" || text.length > HOST_CHARS_MAX) return null;
  if (text.startsWith("[") || text.includes(":")) return canonicalIpv6(text);
  const ascii = ASCII.test(text) ? text.toLowerCase() : toAscii(text);
  if (ascii === null) return null;
  const name = ascii.endsWith(".") ? ascii.slice(0, -1) : ascii;
  if (NUMBER_END.test(name)) return canonicalIpv4(name);
  if (name.length > HOST_CHARS_MAX - 1 || !name.split(".").every((label) => LABEL.test(label))) return null;
  return name.includes("xn--") && toAscii(name) !== name ? null : name;
}

/** The bare address of a canonical host that is one, without brackets; null for a name. */
export function addressOfHost(host: string): string | null {
  const bare = host.startsWith("[") ? host.slice(1, -1) : host;
  return parseIp(bare) === null ? null : bare;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII is exactly what is meant
const ASCII = /^[\x00-\x7f]*$/;

/** RFC 1123 §2.1 labels, plus the underscore that service names use. */
const LABEL = /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/;

/** What a URL reader acts on, drops or decodes before it looks at the host. */
const URL_SYNTAX = /[\s\p{Cc}/\\?#@%<>^|"`{}[\]]/u;

/** UTS 46 by the runtime's own URL reader. */
function toAscii(text: string): string | null {
  if (URL_SYNTAX.test(text)) return null;
  try {
    const { hostname } = new URL(`http://${text}/`);
    return hostname === "" || URL_SYNTAX.test(hostname) ? null : hostname;
  } catch {
    return null;
  }
}

function canonicalIpv6(text: string): string | null {
  const bare = text.startsWith("[") && text.endsWith("]") ? text.slice(1, -1) : text;
  const bytes = bare.includes(":") ? parseIp(bare) : null;
  return bytes === null ? null : `[${formatIp(bytes)}]`;
}

/** One to four numbers, decimal, octal or hexadecimal; the last fills the bytes that are left. */
function canonicalIpv4(name: string): string | null {
  const parts = name.split(".");
  const numbers = parts.map(parseNumber);
  const last = numbers.pop();
  if (parts.length > 4 || last === undefined || last === null) return null;
  if (!numbers.every((number): number is number => number !== null && number <= 0xff)) return null;
  const room = 4 - numbers.length;
  if (last >= 256 ** room) return null;
  const tail = Array.from({ length: room }, (_, index) => Math.floor(last / 256 ** (room - 1 - index)) % 256);
  return formatIp([...numbers, ...tail]);
}

function parseNumber(text: string): number | null {
  if (text === "") return null;
  if (/^0x[0-9a-f]*$/.test(text)) return text === "0x" ? 0 : Number.parseInt(text.slice(2), 16);
  if (/^0[0-7]+$/.test(text)) return Number.parseInt(text, 8);
  return /^(?:0|[1-9]\d*)$/.test(text) ? Number(text) : null;
}
