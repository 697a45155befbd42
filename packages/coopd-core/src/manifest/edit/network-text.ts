import { Document, isMap, isPair, isScalar, isSeq, type Pair, parseDocument, Scalar, YAMLMap, YAMLSeq } from "yaml";
import type { Manifest, NetRule, NetworkSpec } from "../manifest.ts";
import { parseManifest } from "../parse.ts";

/**
 * The agent.yaml text with another network block, all else as the farmer wrote it: comments, order, quotes, blank lines. Of the
 * block itself what stays the same stays as written. A text that cannot be changed in place (aliases into the block, say)
 * is written anew by the YAML library, and at the worst as JSON of the manifest; what comes out always reads back as
 * `manifest` with this network, or nothing does.
 */
export function withNetwork(text: string, manifest: Manifest, network: NetworkSpec | null): string {
  const before = readManifest(text);
  for (const write of before === undefined ? [] : WAYS) {
    const next = attempt(() => write(text, before?.network ?? null, network));
    if (next !== undefined && isSame(readManifest(next), { ...before, network })) return next;
  }
  return `${JSON.stringify({ ...manifest, network }, null, 2)}\n`;
}

type Write = (text: string, before: NetworkSpec | null, after: NetworkSpec | null) => string | undefined;

/** The least change first. */
const WAYS: readonly Write[] = [changeJson, changeBlock, changeDocument];

/** A manifest that is JSON stays JSON. */
function changeJson(text: string, _: NetworkSpec | null, after: NetworkSpec | null): string {
  return `${JSON.stringify({ ...(JSON.parse(text) as object), network: after }, null, 2)}\n`;
}

/** Only the lines of the block are written anew; the text around it is not touched. */
function changeBlock(text: string, before: NetworkSpec | null, after: NetworkSpec | null): string | undefined {
  const document = parseDocument(text, READING);
  const { contents } = document;
  if (!isMap(contents) || contents.flow === true) return undefined;
  const pair = contents.items.find((item) => isPair(item) && isScalar(item.key) && item.key.value === "network");
  const block = new Document(new YAMLMap());
  (block.contents as unknown as YAMLMap).add({ key: "network", value: toNode(pair, before, after, block) });
  const lines = toText(block, text.includes("\r\n"));
  if (pair === undefined) return `${text}${text.endsWith("\n") ? "" : "\n"}\n${lines}`;
  const key = pair.key as Scalar;
  const end = isRanged(pair.value) ? pair.value.range[2] : key.range?.[2];
  if (key.range == null || end === undefined) return undefined;
  return text.slice(0, key.range[0]) + lines + text.slice(end);
}

/** The whole text goes through the library, which keeps comments and order, and sets its own spacing. */
function changeDocument(text: string, before: NetworkSpec | null, after: NetworkSpec | null): string {
  const document = parseDocument(text, READING);
  const pair = (document.contents as unknown as YAMLMap).items.find(
    (item) => isScalar(item.key) && item.key.value === "network",
  );
  document.set("network", toNode(pair, before, after, document));
  return toText(document, text.includes("\r\n"));
}

function toText(document: Document, hasCarriageReturns: boolean): string {
  const text = document.toString({ lineWidth: 0, flowCollectionPadding: false });
  return hasCarriageReturns ? text.replace(/\r?\n/g, "\r\n") : text;
}

const READING = { version: "1.2", schema: "core", merge: false, uniqueKeys: false } as const;

/** The block's own node with what changes changed in it, or a new one where there is none to change. */
function toNode(
  pair: Pair | undefined,
  before: NetworkSpec | null,
  after: NetworkSpec | null,
  document: Document,
): YAMLMap | Scalar {
  if (after === null) return new Scalar(null);
  const map = isMap(pair?.value) ? pair.value : new YAMLMap();
  if (before?.policy !== after.policy || !map.has("policy")) setScalar(map, "policy", after.policy);
  const written = map.get("allow", true);
  if (after.allow.length === 0 && after.policy !== "allowlist") map.delete("allow");
  else if (written !== undefined || after.allow.length > 0) {
    const list = isSeq(written) ? written : new YAMLSeq();
    list.items = toItems(list.items, before?.allow ?? [], after.allow, document);
    if (before === null || before.allow.length === 0) list.flow = false; // `[]` grows into a list of lines
    if (!isSeq(written)) map.set("allow", list);
  }
  return map;
}

/** Rules that are as they were keep their nodes, and one that has other ports only its own but for these. */
function toItems(
  nodes: readonly unknown[],
  before: readonly NetRule[],
  after: readonly NetRule[],
  document: Document,
): unknown[] {
  const left = before.map((rule, index) => ({ rule, node: nodes[index] })).filter(({ node }) => node !== undefined);
  const take = (isMeant: (rule: NetRule) => boolean) => {
    const at = left.findIndex(({ rule }) => isMeant(rule));
    return at < 0 ? undefined : left.splice(at, 1)[0]?.node;
  };
  const kept = after.map((rule) => take((one) => isSame(one, rule)));
  return after.map((rule, index) => {
    const node = kept[index];
    if (node !== undefined) return node;
    const other = take((one) => isSame({ ...one, ports: [] }, { ...rule, ports: [] }));
    const map = isMap(other) ? other : (document.createNode(toCompact(rule)) as unknown as YAMLMap);
    map.set("ports", toPorts(rule, document));
    return map;
  });
}

/** As people write it: the defaults but for the ports are left out. */
function toCompact({ host, ports, private: isPrivate, methods, paths }: NetRule) {
  return {
    host,
    ports,
    ...(isPrivate ? { private: true } : {}),
    ...(methods === null ? {} : { methods }),
    ...(paths === null ? {} : { paths }),
  };
}

function toPorts(rule: NetRule, document: Document): YAMLSeq {
  const ports = document.createNode(rule.ports) as unknown as YAMLSeq;
  ports.flow = true;
  return ports;
}

/** Changes the value in place, so that a comment behind it stays. */
function setScalar(map: YAMLMap, key: string, value: string): void {
  const written = map.get(key, true);
  if (!isScalar(written)) {
    map.set(key, value);
    return;
  }
  written.value = value;
  written.type = "PLAIN";
}

function isRanged(node: unknown): node is { readonly range: readonly [number, number, number] } {
  return Array.isArray((node as { range?: unknown } | null)?.range);
}

function readManifest(text: string): Manifest | undefined {
  return attempt(() => parseManifest(text).manifest);
}

function attempt<Value>(work: () => Value): Value | undefined {
  try {
    return work();
  } catch {
    return undefined; // the next way is tried; the last cannot fail
  }
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  );
}
