type Schema = Readonly<Record<string, unknown>>;

/** One route as the OpenAPI document describes it; nothing of it comes from elsewhere. */
export interface DocumentedRoute {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly scope: string;
  readonly parameters: readonly { readonly name: string; readonly in: string; readonly schema: Schema }[];
  /** Of each media type; undefined where the route takes no body. */
  readonly body: Readonly<Record<string, Schema>> | undefined;
  /** The status of success. */
  readonly status: number;
  /** Of the JSON answer; undefined where there is none. */
  readonly answer: Schema | undefined;
}

/** A document as it comes over the wire. */
export interface ApiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Schema>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

/** Every route of the document. */
export function routesOf(document: ApiDocument): readonly DocumentedRoute[] {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => toRoute(path, method.toUpperCase(), operation)),
  );
}

function toRoute(path: string, method: string, operation: Schema): DocumentedRoute {
  const responses = operation.responses as Readonly<
    Record<string, { readonly content?: Record<string, { schema: Schema }> }>
  >;
  const status = Object.keys(responses).find((key) => key !== "default") ?? "200";
  const content = (operation.requestBody as { readonly content?: Record<string, { schema: Schema }> } | undefined)
    ?.content;
  return {
    id: String(operation.operationId),
    method,
    path,
    scope: String(operation["x-coop-scope"]),
    parameters: (operation.parameters ?? []) as DocumentedRoute["parameters"],
    body:
      content === undefined
        ? undefined
        : Object.fromEntries(Object.entries(content).map(([type, { schema }]) => [type, schema])),
    status: Number(status),
    answer: responses[status]?.content?.["application/json"]?.schema,
  };
}

/** The smallest value that fits a schema: its first example, else what it must have and no more. */
export function exampleOf(schema: Schema, schemas: Readonly<Record<string, Schema>>): unknown {
  if (typeof schema.$ref === "string") {
    return exampleOf(schemas[schema.$ref.replace("#/components/schemas/", "")] ?? {}, schemas);
  }
  if (Array.isArray(schema.examples)) return schema.examples[0];
  if ("const" in schema) return schema.const;
  if (Array.isArray(schema.enum)) return schema.enum[0];
  if (Array.isArray(schema.anyOf)) return exampleOf(schema.anyOf[0] as Schema, schemas);
  switch (schema.type) {
    case "object": {
      const properties = (schema.properties ?? {}) as Readonly<Record<string, Schema>>;
      const required = (schema.required ?? []) as readonly string[];
      return Object.fromEntries(required.map((name) => [name, exampleOf(properties[name] ?? {}, schemas)]));
    }
    case "array":
      return [];
    case "integer":
    case "number":
      return schema.minimum ?? 0;
    case "boolean":
      return false;
    default:
      return "example";
  }
}

/** Fills the path's parameters, each from `known` by the beginning of the path, else from its schema. */
export function fillPath(
  { path, parameters }: DocumentedRoute,
  schemas: Readonly<Record<string, Schema>>,
  known: (path: string) => string | undefined = () => undefined,
): string {
  return path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const schema = parameters.find((one) => one.in === "path" && one.name === name)?.schema ?? {};
    return encodeURIComponent(known(path) ?? String(exampleOf(schema, schemas)));
  });
}

/** The first body that the document takes, made of its schema. */
export function bodyOf(
  { body }: DocumentedRoute,
  schemas: Readonly<Record<string, Schema>>,
): { readonly type: string; readonly text: string } | undefined {
  const [first] = Object.entries(body ?? {});
  if (first === undefined) return undefined;
  const [type, schema] = first;
  const value = exampleOf(schema, schemas);
  return { type, text: type.includes("json") ? JSON.stringify(value) : String(value) };
}
