import type { JsonSchema } from "coop-client";
import { unwrap, wordsOf } from "../../manifest/schema.ts";

/** How a field is drawn. */
export type FieldKind = "choice" | "choices" | "yes" | "number" | "text" | "prose" | "words" | "numbers" | "rows";

/** Texts that may be longer are written in several lines. */
const PROSE_CHARS = 10_000;

/** What a schema's values are written in. */
export function kindOfField(schema: JsonSchema): FieldKind {
  const of = unwrap(schema);
  if (of.type === "boolean") return "yes";
  if (of.type === "number" || of.type === "integer") return "number";
  if (of.type !== "array") {
    if (wordsOf(of) !== undefined) return "choice";
    return Number(of.maxLength ?? 0) > PROSE_CHARS ? "prose" : "text";
  }
  const items = unwrap((of.items ?? {}) as JsonSchema);
  if (items.type === "object") return "rows";
  if (wordsOf(items) !== undefined) return "choices";
  return items.type === "integer" || items.type === "number" ? "numbers" : "words";
}

/** A value as a text to be typed in. */
export function toTyped(kind: FieldKind, value: unknown): string {
  if (value === undefined || value === null) return "";
  if (Array.isArray(value)) return value.map(String).join(kind === "words" ? "\n" : ", ");
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/**
 * What was typed as a value; undefined takes the key away. What is no number stays a text, so that the farm says what is wrong with it
 * at its line.
 */
export function fromTyped(kind: FieldKind, typed: string, isRequired: boolean): unknown {
  if (kind === "words" || kind === "numbers") {
    const parts = typed
      .split(kind === "words" ? "\n" : /[\s,]+/)
      .map((part) => (kind === "words" ? part : part.trim()))
      .filter((part) => part.trim() !== "");
    if (parts.length === 0) return undefined;
    return kind === "numbers" ? parts.map(toNumber) : parts;
  }
  if (typed === "" && !isRequired) return undefined;
  return kind === "number" ? toNumber(typed.trim()) : typed;
}

function toNumber(text: string): number | string {
  return /^-?\d+(?:\.\d+)?$/.test(text) ? Number(text) : text;
}
