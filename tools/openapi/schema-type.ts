/** A JSON Schema. */
export type Schema = Readonly<Record<string, unknown>>;

/** What says how a value must be, and nothing of its type. */
const SAYS_NO_TYPE: readonly string[] = [
  ...["description", "title", "examples", "default", "format", "pattern", "minLength", "maxLength", "propertyNames"],
  ...["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "minItems", "maxItems"],
];
const SAYS_A_TYPE: readonly string[] = [
  ...["$ref", "type", "properties", "required", "additionalProperties", "items", "enum", "const", "anyOf", "oneOf"],
];

const REF = "#/components/schemas/";

/**
 * The TypeScript type of what fits a JSON Schema 2020-12 of our document, as text; a reference is `Schemas["NAME"]`.
 * @throws Error for a word of JSON Schema that it does not know: guessing would make a type that checks nothing
 */
export function toType(schema: Schema): string {
  const unknown = Object.keys(schema).filter((word) => !SAYS_NO_TYPE.includes(word) && !SAYS_A_TYPE.includes(word));
  if (unknown.length > 0) throw new Error(`a schema has ${unknown.join(", ")}, which tools/openapi does not know`);
  if (typeof schema.$ref === "string") return refType(schema.$ref);
  const several = schema.anyOf ?? schema.oneOf;
  if (Array.isArray(several)) return union(several.map((one) => toType(one)));
  if ("const" in schema) return JSON.stringify(schema.const);
  if (Array.isArray(schema.enum)) return union(schema.enum.map((one) => JSON.stringify(one)));
  if (Array.isArray(schema.type)) return union(schema.type.map((type) => toType({ ...schema, type })));
  return plainType(schema);
}

function plainType(schema: Schema): string {
  switch (schema.type) {
    case undefined:
      return "unknown";
    case "string":
    case "boolean":
    case "null":
      return schema.type;
    case "integer":
    case "number":
      return "number";
    case "array":
      return `readonly (${toType((schema.items ?? {}) as Schema)})[]`;
    case "object":
      return objectType(schema);
    default:
      throw new Error(`a schema has the type ${schema.type}, which tools/openapi does not know`);
  }
}

function objectType({ properties, required, additionalProperties }: Schema): string {
  if (properties === undefined) {
    const values = typeof additionalProperties === "object" ? toType(additionalProperties as Schema) : "unknown";
    return `Readonly<Record<string, ${values}>>`;
  }
  const names = (required ?? []) as readonly string[];
  const lines = Object.entries(properties as Readonly<Record<string, Schema>>).map(
    ([name, schema]) => `readonly ${toKey(name)}${names.includes(name) ? "" : "?"}: ${toType(schema)};`,
  );
  return `{ ${lines.join(" ")} }`; // on one line, which the formatter breaks where it is too long
}

/** A name as a key of a type: in quotes where it has to be. */
export function toKey(name: string): string {
  return /^[A-Za-z_]\w*$/.test(name) ? name : JSON.stringify(name);
}

function refType(ref: string): string {
  if (!ref.startsWith(REF)) throw new Error(`${ref} leads out of the document's schemas`);
  return `Schemas[${JSON.stringify(ref.slice(REF.length))}]`;
}

function union(types: readonly string[]): string {
  return [...new Set(types)].join(" | ");
}
