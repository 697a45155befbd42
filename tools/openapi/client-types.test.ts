import { expect, test } from "bun:test";
import { clientTypes } from "./client-types.ts";
import { toType } from "./schema-type.ts";

/** On one line, whatever the text was broken into. */
const flat = (text: string) => text.replace(/\s+/g, " ").trim();

test("a word of JSON Schema that it does not know is an error, and so is a type, and a reference out of the document", () => {
  expect(() => toType({ type: "object", patternProperties: {} })).toThrow("patternProperties");
  expect(() => toType({ type: "date" })).toThrow("the type date");
  expect(() => toType({ $ref: "other.json#/a" })).toThrow("leads out of the document");
});

test("schemas become types", () => {
  expect(toType({})).toBe("unknown");
  expect(toType({ type: "integer", minimum: 0 })).toBe("number");
  expect(toType({ enum: ["a", null] })).toBe('"a" | null');
  expect(toType({ const: true })).toBe("true");
  expect(toType({ type: ["string", "null"] })).toBe("string | null");
  expect(toType({ type: "array", items: { anyOf: [{ type: "string" }, { type: "null" }] } })).toBe(
    "readonly (string | null)[]",
  );
  expect(toType({ type: "object", additionalProperties: { type: "number" } })).toBe("Readonly<Record<string, number>>");
  const properties = { a: { type: "string" }, "b-c": { $ref: "#/components/schemas/Job" } };
  expect(flat(toType({ type: "object", required: ["a"], properties }))).toBe(
    '{ readonly a: string; readonly "b-c"?: Schemas["Job"]; }',
  );
});

const json = (name: string) => ({ "application/json": { schema: { $ref: `#/components/schemas/${name}` } } });
const DOCUMENT = {
  paths: {
    "/api/v1/hens/{id}/jobs": {
      post: {
        parameters: [
          { name: "id", in: "path", required: true, schema: { type: "string" } },
          { name: "dry", in: "query", schema: { type: "boolean" } },
          { name: "If-Match", in: "header", required: true, schema: { type: "string" } },
        ],
        requestBody: { required: true, content: json("Ask") },
        responses: { 202: { content: json("Told") }, default: { content: json("Error") } },
      },
      get: { responses: { 101: {}, 200: { content: { "text/event-stream": { schema: { type: "string" } } } } } },
    },
    "/metrics": { get: { responses: { 200: {} } } },
  },
  components: {
    schemas: {
      Ask: { type: "object", required: ["of"], properties: { of: { $ref: "#/components/schemas/Deep" } } },
      Told: { type: "boolean" },
      Deep: { type: "string" },
      Error: { type: "string" },
    },
  },
};

test("a route becomes what a call of it is made of and what it answers; schemas that nothing names are left out", () => {
  const text = flat(clientTypes(DOCUMENT));
  expect(text).toContain(
    'readonly "POST /hens/{id}/jobs": { readonly parts: { readonly path: { id: string; }; ' +
      "readonly query?: { dry?: boolean | undefined; }; " +
      'readonly ifMatch: string; readonly json: Schemas["Ask"]; }; readonly answer: Schemas["Told"]; };',
  );
  expect(text).toContain(
    'readonly "GET /hens/{id}/jobs": { readonly parts: unknown; readonly answer: undefined; readonly events: string; };',
  );
  expect(text).toContain(
    'export interface Schemas { readonly Ask: { readonly of: Schemas["Deep"]; }; readonly Told: boolean; readonly Deep: string; }',
  );
  expect(text).not.toContain("metrics");
});

test("a name that the document does not have is an error", () => {
  const { Deep: _gone, ...schemas } = DOCUMENT.components.schemas;
  expect(() => clientTypes({ ...DOCUMENT, components: { schemas } })).toThrow("there is no schema Deep");
});
