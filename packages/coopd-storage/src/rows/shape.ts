/** What a field must be: a JSON type, or with `?` that or null. Fields that a shape does not name are not looked at. */
export type FieldKind = "text" | "number" | "object" | "list" | "text?" | "number?" | "object?";
/** The fields that a stored object must have, and of which kind; a `?` allows null. */
export type Shape = Readonly<Record<string, FieldKind>>;

/** The reason why a stored text cannot be what it should be. */
export class ShapeFault extends Error {
  override readonly name = "ShapeFault";
}

/**
 * Reads a stored JSON object and checks it against a shape. It is a guard against damage (a flipped bit, a foreign edit),
 * not the parser at the door: what the store wrote was parsed before. @throws ShapeFault
 */
export function readShape(text: string, shape: Shape): Readonly<Record<string, unknown>> {
  const value = parse(text);
  if (kindOf(value) !== "object") throw new ShapeFault(`is ${kindOf(value)}, not an object`);
  const fields = value as Readonly<Record<string, unknown>>;
  for (const name in shape) {
    const kind = shape[name] as FieldKind;
    if (!fits(fields[name], kind)) throw new ShapeFault(`${name} is ${kindOf(fields[name])}, not ${kind}`);
  }
  return fields;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ShapeFault("is not JSON", { cause: error });
  }
}

function fits(value: unknown, kind: FieldKind): boolean {
  const found = kindOf(value);
  return kind.endsWith("?") ? found === "null" || `${found}?` === kind : found === kind;
}

function kindOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "list";
  return typeof value === "string" ? "text" : typeof value;
}
