/** The contract does not hold. */
export class Broken extends Error {}

/** @throws Broken unless both are the same JSON, key order apart */
export function same(what: string, found: unknown, wanted: unknown): void {
  if (stable(found) === stable(wanted)) return;
  throw new Broken(`${what} is ${short(found)}, not ${short(wanted)}`);
}

/** @throws Broken unless it is one of them */
export function oneOf<T>(what: string, found: T, wanted: readonly T[]): void {
  if (wanted.includes(found)) return;
  throw new Broken(`${what} is ${short(found)}, none of ${wanted.map(short).join(", ")}`);
}

/** @throws Broken unless `holds` */
export function holds(what: string, isSo: boolean): void {
  if (!isSo) throw new Broken(what);
}

/** @throws Broken unless the text has the form */
export function matches(what: string, found: unknown, form: RegExp): void {
  if (typeof found === "string" && form.test(found)) return;
  throw new Broken(`${what} is ${short(found)}, which is not ${form}`);
}

/** @throws Broken unless each field is there, null counting as there */
export function hasFields(what: string, found: unknown, names: readonly string[]): void {
  const missing = names.filter((name) => typeof found !== "object" || found === null || !(name in found));
  if (missing.length > 0) throw new Broken(`${what} has no ${missing.join(", ")}: ${short(found)}`);
}

function stable(value: unknown): string {
  return JSON.stringify(value, (_, part) =>
    typeof part === "object" && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([one], [other]) => (one < other ? -1 : 1)))
      : part,
  );
}

function short(value: unknown): string {
  const text = JSON.stringify(value) ?? "undefined";
  return text.length > 300 ? `${text.slice(0, 300)}…` : text;
}

/** RFC 3339 in UTC, as every time on the wire. */
export const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z$/;
/** A UUIDv7 in lower case, as every id of job, task and episode. */
export const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
