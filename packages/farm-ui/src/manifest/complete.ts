import type { Completion, CompletionContext, CompletionResult } from "@codemirror/autocomplete";
import type { JsonSchema } from "coop-client";
import { isUnused, meaningOf, propertiesOf, schemaAt, unwrap, wordsOf } from "./schema.ts";
import { placeAt } from "./yaml-place.ts";

/** Words that the schema cannot know, by path (`brain.provider_id`): names of secrets, of hens. */
export type Words = Readonly<Record<string, readonly string[]>>;

/** Offers what the schema has for the place of the cursor. */
export function completeManifest(
  context: CompletionContext,
  schema: JsonSchema,
  words: Words,
): CompletionResult | null {
  const place = placeAt(context.state.doc.toString(), context.pos);
  if (place === undefined) return null;
  if (place.begun === "" && !context.explicit && place.kind === "key") return null;
  const at = schemaAt(schema, place.path);
  const keys = at === undefined || place.kind === "value" ? [] : keysOf(at, place.taken, place.indent);
  const values =
    at === undefined || (place.kind === "key" && keys.length > 0) ? [] : valuesOf(at, words[place.path.join(".")]);
  const options = keys.length > 0 ? keys : values;
  return options.length === 0 ? null : { from: context.pos - place.begun.length, options, validFor: /^[^\s,{}[\]]*$/ };
}

function keysOf(schema: JsonSchema, taken: readonly string[], indent: number): Completion[] {
  return Object.entries(propertiesOf(schema))
    .filter(([key, of]) => !taken.includes(key) && !isUnused(of))
    .map(([key, of], at) => ({
      label: key,
      apply: `${key}:${Object.keys(propertiesOf(of)).length > 0 ? `\n${" ".repeat(indent + 2)}` : " "}`,
      detail: kindOf(of),
      info: meaningOf(of),
      type: "property",
      boost: -at, // in the schema's order, which is the examples'
    }));
}

function valuesOf(schema: JsonSchema, more: readonly string[] = []): Completion[] {
  const { type } = unwrap(schema);
  const words = type === "boolean" ? ["true", "false"] : (wordsOf(schema) ?? []);
  return [...more, ...words].map((label, at) => ({ label, type: "constant", boost: -at }));
}

/** A word for what may stand there. */
export function kindOf(schema: JsonSchema): string {
  const { type, items } = unwrap(schema);
  if (wordsOf(schema) !== undefined) return "one of";
  if (type === "array") return typeof items === "object" ? "list" : "list";
  return type === "object" ? "" : String(type ?? "");
}
