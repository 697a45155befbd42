import { manifestJsonSchema } from "coopd-core/manifest";
import { VERSION } from "../version.ts";
import { type Operation, scopeOf } from "./operations/operation.ts";
import { OPERATIONS } from "./operations.ts";
import { henId, ref, type Schema, text } from "./schema-shapes.ts";
import { SCHEMAS } from "./schemas.ts";

const IDEMPOTENCY_KEY = {
  name: "Idempotency-Key",
  in: "header",
  description: "1 to 255 visible ASCII characters; the same request with the same key is done once within a day",
  schema: { type: "string", minLength: 1, maxLength: 255 },
};

const IF_MATCH = {
  name: "If-Match",
  in: "header",
  required: true,
  description: "the ETag of what the change was made of",
  schema: { type: "string", pattern: '^"[0-9]+"$' },
};

let built: Schema | undefined;

/** The API as OpenAPI 3.1, made from the table of operations; `GET /api/v1/openapi.json` and docs/openapi.json. */
export function openApiDocument(): Schema {
  built ??= buildDocument();
  return built;
}

function buildDocument(): Schema {
  const paths: Record<string, Record<string, Schema>> = {};
  for (const operation of OPERATIONS) {
    paths[operation.path] ??= {};
    (paths[operation.path] as Record<string, Schema>)[operation.method] = toOperation(operation);
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Coop",
      version: VERSION,
      description:
        "The API of coopd. Hen ids contain a slash: send it as %2F. Every refusal is an Error with a stable code.",
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    servers: [{ url: "http://127.0.0.1:9700" }],
    security: [{ token: [] }, { cookie: [] }],
    paths,
    components: {
      schemas: { ...SCHEMAS, Manifest: manifestJsonSchema() },
      securitySchemes: {
        token: { type: "http", scheme: "bearer" },
        cookie: { type: "apiKey", in: "cookie", name: "coop_token" },
      },
    },
  };
}

function toOperation(operation: Operation): Schema {
  const { summary, isOnce, body, isBodyOptional, query = {} } = operation;
  const inPath = [...operation.path.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => ({
    name,
    in: "path",
    required: true,
    schema: operation.path.startsWith("/api/v1/hens/") && name === "id" ? henId : text,
  }));
  const inQuery = Object.entries(query).map(([name, asked]) => ({
    name,
    in: "query",
    ...(typeof asked === "string" ? { description: asked, schema: text } : asked),
  }));
  const inHeader = [
    ...(isOnce === true ? [IDEMPOTENCY_KEY] : []),
    ...(operation.isConditional === true ? [IF_MATCH] : []),
    ...(operation.mayBeConditional === true ? [{ ...IF_MATCH, required: false }] : []),
  ];
  const parameters = [...inPath, ...inQuery, ...inHeader];
  const scope = scopeOf(operation);
  return {
    operationId: idOf(operation),
    summary,
    "x-coop-scope": scope,
    ...(scope === "open" ? { security: [] } : {}),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(body === undefined ? {} : { requestBody: { required: isBodyOptional !== true, content: body } }),
    responses: {
      ...answersOf(operation),
      default: { description: "refused", content: { "application/json": { schema: ref("Error") } } },
    },
  };
}

/** `post /api/v1/hens/{id}/hatch` → `post_hens_id_hatch`: it stays as long as the route does. */
function idOf({ method, path }: Operation): string {
  const words = path.replace(/^\/api\/v1/, "").match(/\w+/g) ?? [];
  return [method, ...words].join("_");
}

/** A WebSocket's frames are those of its events. */
function answersOf({ status, answers, schema, type, events }: Operation): Schema {
  const content = {
    ...(schema === undefined ? {} : { "application/json": { schema: ref(schema) } }),
    ...(type === undefined ? {} : { [type]: { schema: text } }),
  };
  const stream = events === undefined ? {} : { "text/event-stream": { schema: ref(events) } };
  if (status === 101) {
    const streamed = events === undefined ? {} : { 200: { description: answers, content: stream } };
    return { 101: { description: answers }, ...streamed };
  }
  const all = { ...content, ...stream };
  return { [status]: { description: answers, ...(Object.keys(all).length === 0 ? {} : { content: all }) } };
}
