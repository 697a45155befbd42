import { CoopError } from "coopd-core";

const SAFE = /[A-Za-z0-9\-_.~]/;

/**
 * One segment of a path: every byte outside `A-Za-z0-9-_.~` becomes an upper-case `%XX` (contract/cli.md, Id encoding),
 * so `local.coop/aria` is `local.coop%2Faria`.
 * @throws CoopError `bad_id` for an empty id and for `.` and `..`, which no URL can carry as a segment: the URL standard
 * resolves them away, escaped or not, and the request would go to another route
 */
export function toPathSegment(id: string): string {
  if (id === "" || id === "." || id === "..") {
    throw new CoopError("bad_id", `"${id}" is not an id`, { next: "coop hen list and coop job list show the ids." });
  }
  let segment = "";
  for (const byte of new TextEncoder().encode(id)) {
    const char = String.fromCharCode(byte);
    segment += byte < 0x80 && SAFE.test(char) ? char : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  }
  return segment;
}

/** `?a=1&b=2` of what is defined, or an empty string. */
export function toQuery(values: Readonly<Record<string, string | number | boolean | undefined>>): string {
  const pairs = Object.entries(values).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${encodeURIComponent(String(value))}`],
  );
  return pairs.length === 0 ? "" : `?${pairs.join("&")}`;
}
