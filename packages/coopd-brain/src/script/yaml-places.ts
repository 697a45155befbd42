import { type Document, isAlias, isMap, isNode, isScalar, isSeq, type LineCounter, type Node, type Pair } from "yaml";

/** Where something stands in a YAML text, from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

type Step = PropertyKey;

/**
 * Where the value at `path` stands. A path that leads on to something that is not there (a missing key) ends at the
 * nearest node above. `key` asks for the key itself instead of its value.
 */
export function placeOf(doc: Document, lines: LineCounter, path: readonly Step[], key?: string): Place {
  let node: unknown = doc.contents;
  let offset = offsetOf(node) ?? 0;
  for (const step of path) {
    node = childOf(resolve(doc, node), step)?.value;
    offset = offsetOf(node) ?? offset;
  }
  if (key !== undefined) offset = offsetOf(childOf(resolve(doc, node), key)?.key) ?? offset;
  return placeAt(lines, offset);
}

/** The line and column of an offset. */
export function placeAt(lines: LineCounter, offset: number): Place {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(line, 1), column: Math.max(col, 1) };
}

function resolve(doc: Document, node: unknown): unknown {
  return isAlias(node) ? node.resolve(doc) : node;
}

function childOf(node: unknown, step: Step): Pair | { readonly key: undefined; readonly value: unknown } | undefined {
  if (isSeq(node)) return typeof step === "number" ? { key: undefined, value: node.items[step] } : undefined;
  if (!isMap(node)) return undefined;
  return node.items.find((pair) => isScalar(pair.key) && String(pair.key.value) === String(step));
}

function offsetOf(node: unknown): number | undefined {
  return (node as Partial<Node> | null | undefined)?.range?.[0];
}

/** A name in the text, and where it stands. */
export interface NamedOffset {
  readonly name: string;
  readonly offset: number;
}

/** What the parser lets pass: keys that occur twice in one map, and aliases without an anchor. In the order of the text. */
export function scanNodes(doc: Document): {
  readonly repeatedKeys: readonly NamedOffset[];
  readonly loneAliases: readonly NamedOffset[];
} {
  const repeatedKeys: NamedOffset[] = [];
  const aliases: NamedOffset[] = [];
  const anchors = new Set<string>();
  const open: unknown[] = [doc.contents];
  while (open.length > 0) {
    const node = open.pop();
    if (isAlias(node)) aliases.push({ name: node.source, offset: offsetOf(node) ?? 0 });
    else if (isNode(node) && node.anchor !== undefined) anchors.add(node.anchor);
    if (isSeq(node)) for (const item of node.items) open.push(item);
    if (!isMap(node)) continue;
    const seen = new Set<string>();
    for (const { key, value } of node.items) {
      open.push(key, value);
      if (!isScalar(key)) continue;
      const name = String(key.value);
      if (seen.has(name)) repeatedKeys.push({ name, offset: offsetOf(key) ?? 0 });
      seen.add(name);
    }
  }
  const loneAliases = aliases.filter(({ name }) => !anchors.has(name));
  return { repeatedKeys: repeatedKeys.sort(byOffset), loneAliases: loneAliases.sort(byOffset) };
}

function byOffset(a: NamedOffset, b: NamedOffset): number {
  return a.offset - b.offset;
}
