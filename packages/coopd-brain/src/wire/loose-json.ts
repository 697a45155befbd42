// Compatible servers differ in what they leave out, set to null or add; these read what is there and throw nothing.

/** The object, or one without fields. */
export function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

/** The list, or an empty one. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The text, or an empty one. */
export function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** A count of tokens: whole and not negative; 0 for anything else. */
export function countOf(value: unknown): number {
  return typeof value === "number" && Number.isFinite(value) && value > 0 ? Math.floor(value) : 0;
}

/** Message content: a text, or a list of parts of which the texts are joined (Mistral sends its reasoning that way). */
export function contentTextOf(value: unknown): string {
  const parts = listOf(value).map(recordOf);
  return parts.length === 0 ? textOf(value) : parts.map((it) => (it.type === "text" ? textOf(it.text) : "")).join("");
}

/** What a message or delta says of the model's reasoning, under the names that servers have for it. */
export function thoughtTextOf(part: Readonly<Record<string, unknown>>): string {
  const own = textOf(part.reasoning_content) || textOf(part.reasoning);
  if (own !== "") return own;
  const parts = listOf(part.content).map(recordOf);
  return parts.map((it) => (it.type === "thinking" ? contentTextOf(it.thinking) : "")).join("");
}
