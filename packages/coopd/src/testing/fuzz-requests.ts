import { type ApiDocument, type DocumentedRoute, exampleOf, routesOf } from "./from-document.ts";

/** A whole number from 0 to `below` - 1, from a fixed seed. */
export type Draw = (below: number) => number;

/** One request as it goes out. */
export interface FuzzRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array | undefined;
}

const TEXTS: readonly string[] = [
  ...[
    "",
    " ",
    "0",
    "-1",
    "null",
    "true",
    "NaN",
    "1e999",
    "\u0000",
    "../../etc/passwd",
    "..%2f..%2fetc",
    "%",
    "%zz",
    "%ff%fe",
  ],
  ...[
    "'; DROP TABLE hens; --",
    "<script>alert(1)</script>",
    "$(id)",
    "{{7*7}}",
    "local.coop/aria",
    "local.coop/",
    "a/b/c",
  ],
  ...[
    "\ud800",
    "🐔".repeat(50),
    "é",
    "\r\nX-Evil: 1",
    "x".repeat(300),
    "__proto__",
    "constructor",
    "toString",
    "[object Object]",
  ],
  ...["01a218a3-036f-7775-a0e6-43f918ccff8d", "2026-01-01T00:00:00Z", "9007199254740993", "1,2", "DONE", "IDLE", "*"],
];
const VALUES: readonly unknown[] = [
  ...[null, true, false, 0, -1, 1.5, 1e308, -0, [], {}, [[]], { a: {} }, [null], { __proto__: null }, { length: 1 }],
];
const TYPES: readonly string[] = [
  ...[
    "application/json",
    "application/json; charset=utf-16",
    "application/x+json",
    "text/plain",
    "",
    "application/yaml",
  ],
  ...[
    "multipart/form-data",
    "multipart/form-data; boundary=x",
    "multipart/form-data; boundary=",
    "a/b/c",
    "application/x-www-form-urlencoded",
  ],
];
const METHODS: readonly string[] = ["GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD"];
/** Routes that start processes or read the whole store: still asked, but not all the time. */
const HEAVY: readonly string[] = ["get_doctor", "get_doctor_store", "post_backup", "get_openapi_json"];
/** Nested deeper than any parser of ours goes. */
const DEPTH = 5_000;

/** Requests without end, made of the document and of chance: most of them nearly right, which is where faults hide. */
export function* fuzzRequests(document: ApiDocument, draw: Draw): Generator<FuzzRequest> {
  const routes = routesOf(document);
  const { schemas } = document.components;
  for (;;) {
    const route = pick(routes, draw);
    if (HEAVY.includes(route.id) && draw(100) > 0) continue;
    const method = draw(20) === 0 ? pick(METHODS, draw) : route.method;
    const body = method === "GET" || method === "HEAD" ? undefined : makeBody(route, schemas, draw);
    yield { method, path: makePath(route, draw), headers: makeHeaders(route, body !== undefined, draw), body };
  }
}

function makePath(route: DocumentedRoute, draw: Draw): string {
  const path = route.path.replace(/\{\w+\}/g, () => {
    if (draw(2) === 0) return "local.coop%2Faria";
    const text = pick(TEXTS, draw);
    return draw(8) === 0 ? escapeLine(text) : encodeURIComponent(text.toWellFormed());
  });
  const query = route.parameters
    .filter(({ in: place }) => place === "query" && draw(3) === 0)
    .flatMap(({ name }) =>
      Array.from(
        { length: 1 + (draw(10) === 0 ? 1 : 0) },
        () => `${name}=${encodeURIComponent(pick(TEXTS, draw).toWellFormed())}`,
      ),
    );
  if (draw(20) === 0) query.push(`${encodeURIComponent(pick(TEXTS, draw).toWellFormed())}=1`);
  return `${path}${draw(50) === 0 ? "/" : ""}${query.length === 0 ? "" : `?${query.join("&")}`}`;
}

function makeHeaders(route: DocumentedRoute, hasBody: boolean, draw: Draw): Record<string, string> {
  const headers: Record<string, string> = {};
  if (hasBody)
    headers["content-type"] =
      draw(4) > 0 ? (Object.keys(route.body ?? {})[0] ?? "application/json") : pick(TYPES, draw);
  for (const { name, in: place } of route.parameters) {
    if (place === "header" && draw(2) === 0) headers[name] = toHeaderText(pick(TEXTS, draw));
  }
  if (draw(10) === 0) headers.accept = pick(["text/html", "*/*", "application/json", "nonsense"], draw);
  if (draw(30) === 0) headers.cookie = `coop_token=${toHeaderText(pick(TEXTS, draw))}; a; =b;;`;
  if (draw(30) === 0) headers["last-event-id"] = toHeaderText(pick(TEXTS, draw));
  if (draw(40) === 0) headers.upgrade = "websocket";
  return headers;
}

function makeBody(
  route: DocumentedRoute,
  schemas: ApiDocument["components"]["schemas"],
  draw: Draw,
): string | Uint8Array {
  const [schema] = Object.values(route.body ?? {});
  const example = schema === undefined ? pick(VALUES, draw) : exampleOf(schema, schemas);
  const text = typeof example === "string" ? example : JSON.stringify(mutate(example, draw, 0));
  switch (draw(12)) {
    case 0:
      return text.slice(0, draw(text.length + 1));
    case 1:
      return Uint8Array.from({ length: draw(200) }, () => draw(256));
    case 2:
      return `${"[".repeat(DEPTH)}${"]".repeat(draw(2) * DEPTH)}`;
    case 3:
      return text.replace(/[a-z]/, pick(TEXTS, draw).toWellFormed());
    case 4:
      return draw(200) === 0 ? "x".repeat(10_000_000) : `${text}${pick(TEXTS, draw).toWellFormed()}`;
    default:
      return text;
  }
}

/** The same with some of it replaced, left out or added. */
function mutate(value: unknown, draw: Draw, depth: number): unknown {
  if (draw(6) === 0) return draw(2) === 0 ? pick(VALUES, draw) : pick(TEXTS, draw);
  if (depth > 4 || typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((one) => mutate(one, draw, depth + 1));
  const entries = Object.entries(value).filter(() => draw(10) > 0);
  if (draw(10) === 0) entries.push([pick(TEXTS, draw), pick(VALUES, draw)]);
  return Object.fromEntries(entries.map(([key, one]) => [key, mutate(one, draw, depth + 1)]));
}

function pick<One>(list: readonly One[], draw: Draw): One {
  const one = list[draw(list.length)];
  if (one === undefined) throw new Error("nothing to pick from");
  return one;
}

/** What a header may hold at all (RFC 9110 §5.5); what it may not is the client's to refuse. */
function toHeaderText(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, "?").trim();
}

/** Raw, but on one line and without what would end the path. */
function escapeLine(text: string): string {
  return text.replace(/[^\x21-\x7e]|[?#/]/g, "_");
}
