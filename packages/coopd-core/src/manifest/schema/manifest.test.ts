import { expect, test } from "bun:test";
import type * as z from "zod";
import { manifestJsonSchema } from "../json-schema.ts";
import type { Manifest } from "../manifest.ts";
import { TOOL_NAMES } from "../tool-names.ts";
import type { manifestSchema } from "./manifest.ts";

/** Readonly all the way down; lists of known words (tools, methods) are lists of text in Manifest. */
type Frozen<T> = T extends readonly (infer Item)[]
  ? [Item] extends [string]
    ? readonly string[]
    : readonly Frozen<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]: Frozen<T[Key]> }
    : T;
type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

test("the schema and the Manifest type are the same, key by key, at compile time", () => {
  const agrees: Equal<Frozen<z.output<typeof manifestSchema>>, Frozen<Manifest>> = true;
  expect(agrees).toBe(true);
});

interface Node {
  readonly description?: string;
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Node>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: unknown;
  readonly anyOf?: readonly Node[];
  readonly items?: Node;
  readonly enum?: readonly string[];
}

/** Every node of the schema with the path of keys that leads to it. */
function nodesOf(node: Node, path = ""): readonly (readonly [path: string, node: Node])[] {
  const inner = [
    ...Object.entries(node.properties ?? {}).map(([key, part]) => [`${path}.${key}`, part] as const),
    ...(node.anyOf ?? []).map((part) => [`${path}|`, part] as const),
    ...(node.items === undefined ? [] : [[`${path}[]`, node.items] as const]),
  ];
  return [[path, node], ...inner.flatMap(([where, part]) => nodesOf(part, where))];
}

test("the JSON Schema describes every key, and takes no key that it does not know", () => {
  const schema = manifestJsonSchema();
  expect(schema.$schema).toBe("https://json-schema.org/draft/2020-12/schema");
  const nodes = nodesOf(schema as Node);
  expect(nodes.length).toBeGreaterThan(100);
  for (const [path, node] of nodes) {
    if (/\.[a-z_]+$/.test(path)) expect(`${path}: ${node.description ?? ""}`).toMatch(/: .{7,}\.$/);
    if (node.properties !== undefined) expect(`${path} ${node.additionalProperties}`).toBe(`${path} false`);
  }
  const free = nodes
    .filter(([, node]) => node.type === "object" && node.properties === undefined)
    .map(([path]) => path);
  expect(free.toSorted()).toEqual([".metadata", ".personality|.traits"]);
});

test("the JSON Schema asks for what has no default, and knows the tools", () => {
  const schema = manifestJsonSchema() as Node;
  expect(schema.required).toEqual(["spec_version", "name", "brain"]);
  expect(schema.properties?.brain?.required).toEqual(["provider_id", "model"]);
  expect(schema.properties?.tools?.items?.enum).toEqual([...TOOL_NAMES]);
  expect(JSON.parse(JSON.stringify(schema))).toEqual(schema);
});
