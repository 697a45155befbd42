/**
 * True when a path means the same to every server: none of its parts is `.` or `..`, as they are or percent-encoded once or
 * twice or with a path parameter behind, and it hides no slash, backslash or zero byte. Only such a path is compared with
 * the prefixes of a rule.
 */
export function isPlainPath(path: string): boolean {
  if (!path.startsWith("/") || !/^[\x21-\x7e]*$/.test(path) || /[\\?#]/.test(path)) return false;
  if (/%(?![0-9a-f]{2})/i.test(path) || HIDDEN.test(path)) return false;
  const plain = path.replace(/%2e/gi, ".");
  return !plain.split("/").some((part) => /^\.\.?(?:;|$)/.test(part));
}

/** Percent-encoded slash, backslash, zero byte and percent sign: what a server may decode before it looks at the path. */
const HIDDEN = /%(?:2f|5c|00|25)/i;

/** A prefix ends where a part of the path ends: `/v1` takes `/v1` and `/v1/x`, and not `/v10`. */
export function matchesPathPrefix(prefix: string, path: string): boolean {
  if (!path.startsWith(prefix)) return false;
  return prefix.endsWith("/") || path.length === prefix.length || path[prefix.length] === "/";
}
