/** A JSON Schema. */
export type Schema = Readonly<Record<string, unknown>>;

/** Any text. */
export const text: Schema = { type: "string" };
/** A whole number from 0. */
export const whole: Schema = { type: "integer", minimum: 0 };
/** RFC 3339 in UTC. */
export const instant: Schema = { type: "string", format: "date-time" };
/** A hen's id. */
export const henId: Schema = { type: "string", examples: ["local.coop/aria"] };
/** A UUIDv7. */
export const uuid: Schema = { type: "string", format: "uuid" };
/** That, or null. */
export const orNull = (schema: Schema): Schema => ({ anyOf: [schema, { type: "null" }] });
/** An array of it. */
export const list = (schema: Schema): Schema => ({ type: "array", items: schema });
/** A schema by its name. */
export const ref = (name: string): Schema => ({ $ref: `#/components/schemas/${name}` });
/** An object that has all of these. */
export const record = (properties: Readonly<Record<string, Schema>>): Schema => ({
  type: "object",
  required: Object.keys(properties),
  properties,
});
