import type { JsonSchema } from "coop-client";

/** Steps from a manifest's root: keys, and numbers in lists. */
export type Path = readonly (string | number)[];

/** A path as the daemon's faults write it: `brain.fallbacks[0].model`. */
export function pathText(path: Path): string {
  return path.map((step, at) => (typeof step === "number" ? `[${step}]` : at === 0 ? step : `.${step}`)).join("");
}

/** The schema of what stands there when something does: the part of an `anyOf` that is not null, with the outer words kept. */
export function unwrap(schema: JsonSchema): JsonSchema {
  const { anyOf, ...rest } = schema;
  if (!Array.isArray(anyOf)) return schema;
  const inner = (anyOf as readonly JsonSchema[]).find(({ type }) => type !== "null");
  return { ...inner, ...rest };
}

/** Schemas of an object's keys; empty for everything else, and for objects whose keys are free. */
export function propertiesOf(schema: JsonSchema): Readonly<Record<string, JsonSchema>> {
  const { properties } = unwrap(schema);
  return typeof properties === "object" && properties !== null ? (properties as Record<string, JsonSchema>) : {};
}

/** The schema at a path; undefined where the schema has nothing. A number, or `"[]"`, is an item of a list. */
export function schemaAt(schema: JsonSchema, path: Path): JsonSchema | undefined {
  let at: JsonSchema | undefined = schema;
  for (const step of path) {
    if (at === undefined) return undefined;
    const isItem = typeof step === "number" || step === "[]";
    at = isItem ? (unwrap(at).items as JsonSchema | undefined) : propertiesOf(at)[step];
  }
  return at === undefined ? undefined : unwrap(at);
}

/** The words that a text must be one of; undefined where it may be any. */
export function wordsOf(schema: JsonSchema): readonly string[] | undefined {
  const { enum: words } = unwrap(schema);
  return Array.isArray(words) ? words.map(String) : undefined;
}

/** What a key means, in the schema's own words. */
export function meaningOf(schema: JsonSchema): string {
  return typeof schema.description === "string" ? schema.description : "";
}

/** True for keys that the farm keeps and does nothing with, by their own word. */
export function isUnused(schema: JsonSchema): boolean {
  return /\bnot used\b/i.test(meaningOf(schema));
}
