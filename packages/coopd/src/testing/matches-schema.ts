type Schema = Readonly<Record<string, unknown>>;

/** The parts of JSON Schema 2020-12 that our document uses; a word that is not among them is a fault of the test. */
const KNOWN: readonly string[] = [
  ...["$ref", "type", "properties", "required", "additionalProperties", "items", "enum", "const", "anyOf", "format"],
  ...["minimum", "maximum", "minLength", "maxLength", "pattern", "description", "examples", "default", "propertyNames"],
  ...["$schema", "$id", "not", "exclusiveMinimum", "minItems", "maxItems", "title", "deprecated", "oneOf", "allOf"],
];

/** Where `value` does not fit its schema, one sentence each; empty when it does. @throws Error for a word that it does not know */
export function faultsOf(
  value: unknown,
  schema: Schema,
  schemas: Readonly<Record<string, Schema>>,
  at = "$",
): string[] {
  const unknown = Object.keys(schema).filter((word) => !KNOWN.includes(word));
  if (unknown.length > 0) throw new Error(`${at}: the test does not know ${unknown}`);
  if (typeof schema.$ref === "string") {
    const name = schema.$ref.replace("#/components/schemas/", "");
    const target = schemas[name];
    if (target === undefined) return [`${at}: there is no schema ${name}`];
    return faultsOf(value, target, schemas, at);
  }
  if (Array.isArray(schema.anyOf)) {
    const fits = schema.anyOf.some((one) => faultsOf(value, one, schemas, at).length === 0);
    return fits ? [] : [`${at}: ${JSON.stringify(value)} fits none of anyOf`];
  }
  if ("const" in schema && value !== schema.const) return [`${at}: is not ${schema.const}`];
  if (Array.isArray(schema.enum) && !schema.enum.includes(value)) return [`${at}: ${value} is not in the enum`];
  if (schema.type !== undefined && !isOfType(value, schema.type)) return [`${at}: is not of type ${schema.type}`];
  if (typeof value === "number" && typeof schema.minimum === "number" && value < schema.minimum)
    return [`${at}: too small`];
  if (typeof value === "string") return textFaults(value, schema, at);
  if (Array.isArray(value)) {
    return value.flatMap((one, i) => faultsOf(one, (schema.items ?? {}) as Schema, schemas, `${at}[${i}]`));
  }
  return typeof value === "object" && value !== null ? objectFaults(value as Schema, schema, schemas, at) : [];
}

function objectFaults(
  value: Readonly<Record<string, unknown>>,
  schema: Schema,
  schemas: Readonly<Record<string, Schema>>,
  at: string,
): string[] {
  const properties = (schema.properties ?? {}) as Readonly<Record<string, Schema>>;
  const missing = ((schema.required ?? []) as readonly string[]).filter((name) => !(name in value));
  const rest = typeof schema.additionalProperties === "object" ? (schema.additionalProperties as Schema) : undefined;
  return [
    ...missing.map((name) => `${at}: ${name} is missing`),
    ...Object.entries(value).flatMap(([name, one]) => {
      const own = properties[name] ?? rest;
      return own === undefined ? [] : faultsOf(one, own, schemas, `${at}.${name}`);
    }),
  ];
}

function textFaults(value: string, { format, pattern, minLength, maxLength }: Schema, at: string): string[] {
  if (typeof pattern === "string" && !new RegExp(pattern).test(value)) return [`${at}: ${value} does not match`];
  if (typeof minLength === "number" && value.length < minLength) return [`${at}: too short`];
  if (typeof maxLength === "number" && value.length > maxLength) return [`${at}: too long`];
  if (format === "uuid" && !/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value)) return [`${at}: is no UUID`];
  if (format === "date-time" && !/^\d{4}-\d\d-\d\dT.*(?:Z|[+-]\d\d:\d\d)$/.test(value)) return [`${at}: is no instant`];
  return [];
}

function isOfType(value: unknown, type: unknown): boolean {
  if (Array.isArray(type)) return type.some((one) => isOfType(value, one));
  if (type === "null") return value === null;
  if (type === "array") return Array.isArray(value);
  if (type === "integer") return Number.isInteger(value);
  if (type === "object") return typeof value === "object" && value !== null && !Array.isArray(value);
  return typeof value === type;
}
