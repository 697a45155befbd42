/** JSON as the original's CLI writes it: two spaces, keys sorted, a newline at the end (contract/cli.md). */
export function toJsonText(value: unknown): string {
  return `${escapeControls(JSON.stringify(withSortedKeys(value), null, 2))}\n`;
}

/** On one line, keys sorted. */
export function toJsonLine(value: unknown): string {
  return `${escapeControls(JSON.stringify(withSortedKeys(value)))}\n`;
}

/** On one line, keys in the order in which they came. */
export function toJsonLineAsReceived(value: unknown): string {
  return `${escapeControls(JSON.stringify(value))}\n`;
}

/** A pretty array, row by row, byte for byte what {@link toJsonText} makes of the whole. */
export async function* toJsonArrayText(rows: AsyncIterable<unknown> | Iterable<unknown>): AsyncGenerator<string> {
  let isFirst = true;
  for await (const row of rows) {
    yield `${isFirst ? "[" : ","}\n  ${toJsonText(row).trimEnd().replaceAll("\n", "\n  ")}`;
    isFirst = false;
  }
  yield isFirst ? "[]\n" : "\n]\n";
}

/**
 * JSON leaves DEL, C1 controls and text-reordering marks as they are, and a terminal may act on them; as `\u` escapes they
 * are the same JSON and harmless. C0 controls are escaped by JSON itself.
 */
function escapeControls(json: string): string {
  return json.replace(UNESCAPED, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

const UNESCAPED = /[\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;

function withSortedKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withSortedKeys);
  if (typeof value !== "object" || value === null) return value;
  const record = value as Readonly<Record<string, unknown>>;
  const sorted: Record<string, unknown> = Object.create(null); // `__proto__` from a server is a key like any other
  for (const key of Object.keys(record).sort()) sorted[key] = withSortedKeys(record[key]);
  return sorted;
}
