import type { ApiDocument } from "../../packages/coopd/src/testing/index.ts";
import { type Schema, toKey, toType } from "./schema-type.ts";

/** What the client calls is below it; `/metrics` is for others. */
const PREFIX = "/api/v1";

const HEAD = `// Written by tools/openapi from docs/openapi.json: change the routes, not this file.
`;

/**
 * The document as TypeScript types: what it has of schemas, and of every route what a call of it is made of and what
 * it answers. Types alone: nothing of it is there at run time. The text is not formatted.
 */
export function clientTypes({ paths, components }: ApiDocument): string {
  const routes = Object.entries(paths)
    .filter(([path]) => path.startsWith(PREFIX))
    .flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => {
        const key = JSON.stringify(`${method.toUpperCase()} ${path.slice(PREFIX.length)}`);
        return `readonly ${key}: { ${partsOf(operation)} ${answersOf(operation)} };`;
      }),
    );
  const schemas = namedBy(routes.join("\n"), components.schemas);
  return [
    HEAD,
    "/** Everything that the API answers or takes, by the name that the document gives it. */",
    `export interface Schemas {\n${schemas.join("\n")}\n}\n`,
    "/** Every route below `/api/v1`: what a call of it is made of, and the JSON that it answers; `undefined` where it is none. */",
    `export interface Routes {\n${routes.join("\n")}\n}\n`,
  ].join("\n");
}

/** The types of the schemas that this text names, and of those that they name. */
function namedBy(text: string, schemas: ApiDocument["components"]["schemas"]): readonly string[] {
  const types = new Map<string, string>();
  const follow = (from: string) => {
    for (const [, name = ""] of from.matchAll(/Schemas\["(\w+)"\]/g)) {
      if (types.has(name)) continue;
      const schema = schemas[name];
      if (schema === undefined) throw new Error(`there is no schema ${name}`);
      types.set(name, toType(schema));
      follow(types.get(name) ?? "");
    }
  };
  follow(text);
  return Object.keys(schemas).flatMap((name) => {
    const type = types.get(name);
    return type === undefined ? [] : [`readonly ${name}: ${type};`];
  });
}

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly schema: Schema;
}

/** Path, query, headers by their names in camelCase, and the body: `json`, or `body` where it is something else. */
function partsOf(operation: Schema): string {
  const parameters = (operation.parameters ?? []) as readonly Parameter[];
  const from = (place: string) => parameters.filter((one) => one.in === place);
  const lines = [
    ...group("path", from("path")),
    ...group("query", from("query")),
    ...from("header").map((one) => `readonly ${toCamelCase(one.name)}${mark(one.required)}: ${valueType(one)};`),
    ...bodyLines(operation.requestBody as Body | undefined),
  ];
  return `readonly parts: ${lines.length === 0 ? "unknown" : `{ ${lines.join(" ")} }`};`;
}

function group(name: string, parameters: readonly Parameter[]): readonly string[] {
  if (parameters.length === 0) return [];
  const isNeeded = parameters.some(({ required }) => required === true);
  const fields = parameters.map((one) => `${toKey(one.name)}${mark(one.required)}: ${valueType(one)};`);
  return [`readonly ${name}${mark(isNeeded)}: { ${fields.join(" ")} };`];
}

/** What may be left out may be given as undefined, too. */
function valueType({ schema, required }: Parameter): string {
  return required === true ? toType(schema) : `${toType(schema)} | undefined`;
}

interface Body {
  readonly required?: boolean;
  readonly content: Readonly<Record<string, { readonly schema: Schema }>>;
}

function bodyLines(body: Body | undefined): readonly string[] {
  if (body === undefined) return [];
  const json = body.content["application/json"];
  const others = Object.keys(body.content).filter((type) => type !== "application/json");
  const forms = others.map((type) =>
    type === "multipart/form-data"
      ? "FormData"
      : `{ readonly bytes: Uint8Array; readonly type: ${JSON.stringify(type)} }`,
  );
  return [
    ...(json === undefined ? [] : [`readonly json${mark(body.required)}: ${toType(json.schema)};`]),
    ...(forms.length === 0 ? [] : [`readonly body${mark(body.required)}: ${forms.join(" | ")};`]),
  ];
}

/** Of success: the JSON, which is `undefined` where there is none, and what comes piece by piece. */
function answersOf({ responses }: Schema): string {
  const all = Object.entries(responses as Readonly<Record<string, { readonly content?: Body["content"] }>>);
  const content = Object.assign({}, ...all.map(([status, answer]) => (status === "default" ? {} : answer.content)));
  const typeOf = (media: string) => {
    const schema = (content as Body["content"])[media]?.schema;
    return schema === undefined ? undefined : toType(schema);
  };
  const events = typeOf("text/event-stream");
  const answer = `readonly answer: ${typeOf("application/json") ?? "undefined"};`;
  return events === undefined ? answer : `${answer} readonly events: ${events};`;
}

function mark(isRequired: boolean | undefined): string {
  return isRequired === true ? "" : "?";
}

/** `If-Match` → `ifMatch`. */
function toCamelCase(header: string): string {
  return header.toLowerCase().replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}
