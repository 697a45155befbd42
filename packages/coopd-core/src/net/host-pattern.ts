import type { NetRule } from "../manifest/manifest.ts";
import { quote } from "../text/quote.ts";

/** What is wrong with a host pattern, as words for a manifest error; null when it is well formed. */
export function hostPatternFault(pattern: string): string | null {
  if (pattern === "") return "is empty";
  // biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII is exactly what is meant
  if (!/^[\x00-\x7f]*$/.test(pattern)) return "is not ASCII; write international names in punycode (xn--…)";
  const body = pattern.startsWith("*.") ? pattern.slice(2) : pattern;
  if (body === "") return "has nothing behind `*.`";
  if (body.includes("*")) return "may have `*` only as a leading `*.`";
  const bad = /[\s/:@?#%\\[\]]/.exec(body);
  if (bad !== null) return `has ${JSON.stringify(bad[0])} in it; give a bare host name, the port goes under \`ports\``;
  if (body.length > 253) return "is longer than 253 characters";
  const label = body.split(".").find((part) => !LABEL.test(part));
  if (label !== undefined) return `has a malformed label ${quote(label)}`;
  const isWild = pattern.startsWith("*.");
  if (NUMBER_END.test(body)) {
    if (isWild) return "is a pattern over addresses; list each address by itself";
    if (!CANONICAL_IPV4.test(body)) return "is not a canonical IPv4 address, as in 127.0.0.1, and would never match";
  }
  if (isWild && !body.includes(".")) return "would match a whole top-level domain";
  return null;
}

/** A host whose last label is a number is an IPv4 address to every URL reader (WHATWG URL, "ends in a number checker"). */
export const NUMBER_END = /(?:^|\.)(?:\d+|0x[0-9a-f]*)$/i;

const CANONICAL_IPV4 = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/;

/** RFC 1123 §2.1 labels, plus the underscore that service names use. */
const LABEL = /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/i;

/**
 * Exact host, or `*.d` for any depth below d but never d itself, nor an address; the port must be listed
 * (contract/manifest.md, Matching). The host must already be canonical: lower case, punycode, without a trailing dot.
 */
export function matchesRule(rule: NetRule, host: string, port: number): boolean {
  return rule.ports.includes(port) && matchesHost(rule, host);
}

/** {@link matchesRule} whatever the port. */
export function matchesHost(rule: NetRule, host: string): boolean {
  const pattern = rule.host.toLowerCase();
  if (!pattern.startsWith("*.")) return host === pattern;
  return host.length > pattern.length - 1 && host.endsWith(pattern.slice(1)) && !NUMBER_END.test(host);
}
