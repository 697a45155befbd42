import { manifestJsonSchema } from "../../../packages/coopd-core/src/manifest/index.ts";
import { renderTable } from "./in-place.ts";

interface Node {
  readonly description?: string;
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly const?: string;
  readonly anyOf?: readonly Node[];
  readonly items?: Node;
  readonly properties?: Readonly<Record<string, Node>>;
  readonly required?: readonly string[];
  readonly default?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly maxItems?: number;
}

/** The keys of agent.yaml as docs/manifest.md lists them: one table of those at the top, then one of each map. */
export function renderManifestKeys(): string {
  const root = manifestJsonSchema() as Node;
  const entries = Object.entries(root.properties ?? {});
  const tables = entries.flatMap(([key, node]) => {
    const map = mapOf(node);
    if (map === undefined) return [];
    return [`### \`${key}\`\n\n${node.description ?? ""}\n\n${renderTable(HEAD, rowsOf(map, `${key}.`))}`];
  });
  const top = entries.map(([key, node]) => rowOf(root, key, node, ""));
  return [renderTable(HEAD, top), ...tables].join("\n");
}

const HEAD = ["key", "value", "default", "means"];

/** The keys of a map and of the maps below it, each by its whole path. */
function rowsOf(map: Node, prefix: string): readonly (readonly string[])[] {
  return Object.entries(map.properties ?? {}).flatMap(([key, node]) => {
    const inner = mapOf(node);
    const below = `${prefix}${key}${unwrap(node).type === "array" ? "[]" : ""}.`;
    return [rowOf(map, key, node, prefix), ...(inner === undefined ? [] : rowsOf(inner, below))];
  });
}

function rowOf(map: Node, key: string, node: Node, prefix: string): readonly string[] {
  const fallback = map.required?.includes(key) === true ? "**required**" : renderDefault(node);
  return [`\`${prefix}${key}\``, renderValue(unwrap(node)), fallback, node.description ?? ""];
}

/** The map that a key holds, itself or in a list. */
function mapOf(node: Node): Node | undefined {
  const inner = unwrap(node);
  const map = inner.type === "array" && inner.items !== undefined ? unwrap(inner.items) : inner;
  return map.properties === undefined ? undefined : map;
}

/** Without the null that stands for "left out". */
function unwrap(node: Node): Node {
  return node.anyOf?.find(({ type }) => type !== "null") ?? node;
}

function renderValue(node: Node): string {
  if (node.enum !== undefined) return node.enum.map((word) => `\`${word}\``).join(", ");
  if (node.const !== undefined) return `\`${node.const}\``;
  switch (node.type) {
    case "array": {
      const items = unwrap(node.items ?? {});
      return `list of ${items.properties === undefined ? renderValue(items) : "maps"}`;
    }
    case "object":
      return "map";
    case "boolean":
      return "`true`, `false`";
    case "integer":
      return `whole number, ${node.minimum}–${toNumber(node.maximum)}`;
    case "number":
      return `number above ${node.exclusiveMinimum}, up to ${toNumber(node.maximum)}`;
    default:
      return "text";
  }
}

function toNumber(value: number | undefined): string {
  if (value === undefined) return "∞";
  return value > 1e12 ? "2^53" : value.toLocaleString("en-US");
}

function renderDefault(node: Node): string {
  const { default: value } = node;
  if (value === null || value === undefined) return "";
  if (Array.isArray(value)) return value.length === 0 ? "none" : `\`${JSON.stringify(value)}\``;
  return typeof value === "object" ? "none" : `\`${String(value)}\``;
}
