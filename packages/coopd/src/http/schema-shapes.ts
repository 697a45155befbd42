/** A JSON Schema. */
export type Schema = Readonly<Record<string, unknown>>;

/** Any text. */
export const text: Schema = { type: "string" };
/** A whole number from 0. */
export const whole: Schema = { type: "integer", minimum: 0 };
/** True or false. */
export const flag: Schema = { type: "boolean" };
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
/** An object that has all of these, and of `optional` what there is. */
export const record = (
  properties: Readonly<Record<string, Schema>>,
  optional: Readonly<Record<string, Schema>> = {},
): Schema => ({
  type: "object",
  required: Object.keys(properties),
  properties: { ...properties, ...optional },
});
/** An object with any keys, each with such a value. */
export const map = (schema: Schema): Schema => ({ type: "object", additionalProperties: schema });
