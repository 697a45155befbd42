import { expect, test } from "bun:test";
import { type ApiParts, createApi } from "./api.ts";
import { openApiDocument } from "./openapi.ts";

/** Routes are made without anything being asked of what they stand on. */
const NOTHING = new Proxy({}, { get: () => ({}) }) as ApiParts;

test("the OpenAPI document has exactly the routes that are served", () => {
  const served = createApi(NOTHING)
    .routes.filter(({ method, path }) => method !== "ALL" && (path.startsWith("/api/") || path === "/metrics"))
    .map((route) => `${route.method.toLowerCase()} ${route.path.replace(/:(\w+)/g, "{$1}")}`);
  const paths = openApiDocument().paths as Record<string, Record<string, unknown>>;
  const documented = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method} ${path}`),
  );
  expect(documented.sort()).toEqual([...new Set(served)].sort());
});
