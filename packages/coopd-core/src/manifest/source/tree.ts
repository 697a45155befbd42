import { type Alias, Composer, type Document, isAlias, isMap, isScalar, isSeq, type Node } from "yaml";
import { showText } from "../../text/quote.ts";
import type { FaultList, Place } from "../faults.ts";
import { createPlaceFinder } from "./places.ts";
import { type Refuse, readTokens } from "./tokens.ts";

/** A YAML document with its aliases followed: a shared value is one object, and no value contains itself. */
export type YamlNode = YamlScalar | YamlList | YamlMap;

export interface YamlScalar {
  readonly kind: "scalar";
  readonly at: Place;
  readonly text: string;
  /** Unquoted and untagged, so that it may mean a number, a boolean or null. */
  readonly isPlain: boolean;
}

/** A sequence, and where it begins. */
export interface YamlList {
  readonly kind: "list";
  readonly at: Place;
  readonly items: readonly YamlNode[];
}

export interface YamlMap {
  readonly kind: "map";
  readonly at: Place;
  /** In the order of the text; one key may occur twice. */
  readonly entries: readonly YamlEntry[];
}

/** One key of a map with its place and its value. */
export interface YamlEntry {
  readonly key: string;
  readonly keyAt: Place;
  readonly value: YamlNode;
}

/**
 * Reads one YAML document. Returns undefined with the reasons in `faults`: not YAML, more than one document, nothing in
 * it, too deep or too many tokens (tokens.ts), an unknown alias or one inside its own value, a tag but `!!str`, `!!map`
 * and `!!seq`, a key that is no text. Never throws, whatever the text.
 */
export function parseTree(text: string, faults: FaultList): YamlNode | undefined {
  const before = faults.count;
  const placeOf = createPlaceFinder(text);
  const refuse: Refuse = (offset, message, expected) =>
    faults.add({
      ...placeOf(offset),
      path: "",
      message: showText(message, MESSAGE_MAX),
      ...(expected === undefined ? {} : { expected }),
    });
  const tokens = readTokens(text, refuse);
  if (tokens === undefined) return undefined;
  const [document, second] = new Composer(COMPOSING).compose(tokens, true, text.length);
  for (const { message, pos } of [...(document?.errors ?? []), ...(document?.warnings ?? [])]) {
    refuse(pos[0], `yaml parse error: ${message}`);
  }
  if (second !== undefined) refuse(second.range[0], "a second document starts here", "one document");
  if (document === undefined || faults.count > before) return undefined;
  const tree = buildRoot(document, { placeOf, refuse, anchors: new Map(), open: new Set() });
  return faults.count > before ? undefined : tree;
}

/** The parser's words quote tags and tokens, ours aliases, which may be as long as the text. */
const MESSAGE_MAX = 200;

/**
 * The failsafe schema makes every scalar text: what a plain one means is decided by scalars.ts, also under `%YAML 1.1`.
 * Duplicate keys are found by the reader, which can say where the first one stands.
 */
const COMPOSING = {
  version: "1.2",
  schema: "failsafe",
  resolveKnownTags: false, // `!!omap`, `!!set`, `!!binary` would give nodes of another shape
  merge: false,
  uniqueKeys: false,
  prettyErrors: false,
} as const;

interface Building {
  readonly placeOf: (offset: number) => Place;
  readonly refuse: Refuse;
  readonly anchors: Map<string, YamlNode>;
  /** The collections around the node that is being built. */
  readonly open: Set<YamlNode>;
}

interface Pair {
  readonly key: Node | null;
  readonly value: Node | null;
}

function buildRoot(document: Document, building: Building): YamlNode | undefined {
  const root = document.contents;
  if (root === null || (isScalar(root) && root.source === "" && root.type === "PLAIN")) {
    building.refuse(0, "is empty", "a map of keys, starting with spec_version: coop/v1");
    return undefined;
  }
  return build(root, 0, building);
}

/** `offset` is where an absent node would stand: `key:` without a value. */
function build(node: Node | null, offset: number, building: Building): YamlNode {
  const at = building.placeOf(node?.range?.[0] ?? offset);
  if (isAlias(node)) return follow(node, building);
  if (isMap(node)) {
    const entries: YamlEntry[] = [];
    const map: YamlMap = { kind: "map", at, entries };
    fill(map, node.anchor, building, () => {
      for (const pair of node.items) entries.push(buildEntry(pair as Pair, offset, building));
    });
    return map;
  }
  if (isSeq(node)) {
    const items: YamlNode[] = [];
    const list: YamlList = { kind: "list", at, items };
    fill(list, node.anchor, building, () => {
      for (const item of node.items) items.push(build(item as Node | null, offset, building));
    });
    return list;
  }
  if (!isScalar(node)) return { kind: "scalar", at, text: "", isPlain: true };
  const isPlain = node.type === "PLAIN" && node.tag === undefined;
  const scalar: YamlScalar = { kind: "scalar", at, text: node.source ?? "", isPlain };
  if (node.anchor !== undefined) building.anchors.set(node.anchor, scalar);
  return scalar;
}

function fill(collection: YamlNode, anchor: string | undefined, building: Building, addChildren: () => void): void {
  if (anchor !== undefined) building.anchors.set(anchor, collection);
  building.open.add(collection);
  addChildren();
  building.open.delete(collection);
}

function follow(alias: Alias, building: Building): YamlNode {
  const offset = alias.range?.[0] ?? 0;
  const target = building.anchors.get(alias.source);
  if (target !== undefined && !building.open.has(target)) return target;
  building.refuse(
    offset,
    target === undefined
      ? `alias *${alias.source} has no anchor before it`
      : `alias *${alias.source} stands inside the value that it repeats`,
  );
  return { kind: "scalar", at: building.placeOf(offset), text: "", isPlain: true };
}

function buildEntry(pair: Pair, offset: number, building: Building): YamlEntry {
  const keyStart = pair.key?.range?.[0] ?? offset;
  const key = build(pair.key, keyStart, building);
  if (key.kind !== "scalar") building.refuse(keyStart, `has a ${key.kind} as a key`, "a word as a key");
  else if (key.text === "" && key.isPlain) building.refuse(keyStart, "has a value without a key", "key: value");
  const value = build(pair.value, pair.key?.range?.[1] ?? keyStart, building);
  return { key: key.kind === "scalar" ? key.text : "", keyAt: building.placeOf(keyStart), value };
}
