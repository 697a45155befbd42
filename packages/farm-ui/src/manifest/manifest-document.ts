import {
  type Document,
  isAlias,
  isCollection,
  isMap,
  isScalar,
  isSeq,
  Pair,
  parseDocument,
  Scalar,
  stringify,
  type YAMLMap,
  type YAMLSeq,
} from "yaml";
import { type Path, pathText } from "./schema.ts";

/** As the daemon reads it: YAML 1.2, so that `policy: off` is a text. */
const READING = { version: "1.2", schema: "core", merge: false } as const;
/** As the examples are written. */
const WRITING = { lineWidth: 0, flowCollectionPadding: false } as const;
/** A manifest that says one thing more often than this is no manifest. */
const ALIASES_MAX = 100;

/** A manifest's text as values. */
export interface ManifestValues {
  /** Undefined when the text cannot be read. */
  readonly values: Readonly<Record<string, unknown>> | undefined;
  /** Why, with the line, from 1. */
  readonly fault: { readonly line: number; readonly message: string } | undefined;
}

/** Reads the text for a form; what is wrong with the values is the daemon's to say. */
export function readValues(text: string): ManifestValues {
  const document = parseDocument(text, READING);
  const [error] = document.errors;
  if (error !== undefined) {
    return { values: undefined, fault: { line: error.linePos?.[0].line ?? 1, message: firstLineOf(error.message) } };
  }
  try {
    const values: unknown = document.toJS({ maxAliasCount: ALIASES_MAX }) ?? {};
    if (typeof values === "object" && !Array.isArray(values)) {
      return { values: values as Record<string, unknown>, fault: undefined };
    }
    return { values: undefined, fault: { line: 1, message: "a manifest is keys with values" } };
  } catch (error) {
    return { values: undefined, fault: { line: 1, message: error instanceof Error ? error.message : String(error) } };
  }
}

/** What stands at a path of the values. */
export function valueAt(values: unknown, path: Path): unknown {
  let at = values;
  for (const step of path) at = (at as Readonly<Record<string | number, unknown>> | null | undefined)?.[step];
  return at;
}

/**
 * The text with another value at a path, or, with undefined, without it; comments, order, quotes and blank lines stay. A scalar is
 * changed where it stands, and nothing around it moves; else the YAML library writes the text anew, which keeps comments and order and
 * sets its own spacing. `order` are the top keys in the order in which new ones are put. Undefined when the place cannot be
 * changed in this way (it is an alias, or the text cannot be read).
 */
export function withValue(text: string, path: Path, value: unknown, order: readonly string[] = []): string | undefined {
  const wanted = asWritten(putValue(readValues(text).values, path, value));
  for (const write of [changeScalar, changeDocument]) {
    const next = attempt(() => write(text, path, value, order));
    if (next !== undefined && isSame(asWritten(readValues(next).values), wanted)) return next;
  }
  return undefined;
}

function changeScalar(text: string, path: Path, value: unknown): string | undefined {
  const node = read(text).getIn(path, true);
  if (!isScalar(node) || node.range == null || node.anchor !== undefined || node.tag !== undefined) return undefined;
  const isPlain = node.type === "PLAIN" || node.type === "QUOTE_SINGLE" || node.type === "QUOTE_DOUBLE";
  const isShort =
    typeof value === "number" || typeof value === "boolean" || (typeof value === "string" && !/\n/.test(value));
  if (!isPlain || !isShort || node.range[0] === node.range[1]) return undefined;
  const word = new Scalar(value);
  const isQuoted = node.type !== "PLAIN" && node.value !== ""; // "" has quotes only because it must
  if (typeof value === "string" && isQuoted) word.type = node.type as Scalar.Type;
  const [written] =
    stringify([word], { ...WRITING, version: "1.2", schema: "core", collectionStyle: "flow" }).match(
      /(?<=^\[).*(?=\]\n$)/,
    ) ?? [];
  return written === undefined ? undefined : text.slice(0, node.range[0]) + written + text.slice(node.range[1]);
}

function changeDocument(text: string, path: Path, value: unknown, order: readonly string[]): string {
  const document = read(text);
  if (!isMap(document.contents)) document.contents = document.createNode({}) as unknown as typeof document.contents;
  if (value === undefined) removeAt(document, path);
  else putAt(document, path, value, order);
  const next = document.toString(WRITING);
  return text.includes("\r\n") ? next.replace(/\r?\n/g, "\r\n") : next;
}

function putAt(document: Document, path: Path, value: unknown, order: readonly string[]): void {
  let parent = document.contents as unknown as YAMLMap | YAMLSeq;
  for (const [at, step] of path.slice(0, -1).entries()) {
    const child: unknown = parent.get(step, true);
    if (isAlias(child)) throw new Error("an alias");
    if (isCollection(child)) {
      parent = child as YAMLMap | YAMLSeq;
      continue;
    }
    const made = document.createNode(typeof path[at + 1] === "number" ? [] : {}) as YAMLMap | YAMLSeq;
    if (at === 0 && child === undefined && isMap(parent)) insertKey(parent, String(step), made, order);
    else parent.set(step, made);
    parent = made;
  }
  const last = path.at(-1) as string | number;
  const before: unknown = parent.get(last, true);
  if (isAlias(before)) throw new Error("an alias");
  if (isSeq(before) && Array.isArray(value)) keepItems(document, before, value);
  else if (isScalar(before) && !isObject(value)) {
    before.value = value;
    if (typeof value === "string" && value.includes("\n")) before.type = "BLOCK_LITERAL";
  } else if (path.length === 1 && isMap(parent) && before === undefined) {
    insertKey(parent, String(last), toNode(document, value), order);
  } else parent.set(last, toNode(document, value));
  if (isCollection(parent) && parent.flow === true && parent.items.length === 1 && isObject(value)) parent.flow = false;
}

/** Items that stay the same stay as written, with their comments. */
function keepItems(document: Document, list: YAMLSeq, values: readonly unknown[]): void {
  const left = list.items.map((node) => ({
    node,
    value: isCollection(node) || isScalar(node) ? node.toJS(document) : undefined,
  }));
  list.items = values.map((value) => {
    const at = left.findIndex((one) => isSame(one.value, value));
    return at < 0 ? toNode(document, value) : left.splice(at, 1)[0]?.node;
  });
}

function toNode(document: Document, value: unknown): ReturnType<Document["createNode"]> {
  const node = document.createNode(value);
  if (isScalar(node) && typeof value === "string" && value.includes("\n")) node.type = "BLOCK_LITERAL";
  if (isSeq(node) && node.items.every(isScalar)) node.flow = true; // [bash, file_read]
  if (isMap(node))
    for (const { value: inner } of node.items) if (isSeq(inner) && inner.items.every(isScalar)) inner.flow = true;
  return node;
}

/** Puts a new key behind the last one that comes before it in `order`, with a line's space above a block. */
function insertKey(map: YAMLMap, key: string, value: unknown, order: readonly string[]): void {
  const rank = order.indexOf(key);
  const name = new Scalar(key);
  const ranks = map.items.map((item) => order.indexOf(String(isScalar(item.key) ? item.key.value : item.key)));
  const after = rank < 0 ? ranks.length - 1 : ranks.findLastIndex((one) => one >= 0 && one < rank);
  const isBlock = isMap(value) || (isScalar(value) && value.type === "BLOCK_LITERAL");
  if (isBlock && map.items.length > 0) name.spaceBefore = true;
  map.items.splice(after + 1, 0, new Pair<unknown, unknown>(name, value));
}

/** Takes a key away, and maps that have nothing left. */
function removeAt(document: Document, path: Path): void {
  for (let length = path.length; length > 0; length -= 1) {
    const place = path.slice(0, length);
    if (length < path.length) {
      const node: unknown = document.getIn(place, true);
      if (!isMap(node) || node.items.length > 0) return;
    }
    document.deleteIn(place);
  }
}

function read(text: string): Document {
  const document = parseDocument(text, READING);
  if (document.errors.length > 0) throw new Error("the text cannot be read");
  return document as unknown as Document;
}

/** The values with another one at a path; maps that have nothing left go with it. */
function putValue(values: unknown, path: Path, value: unknown): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return value;
  const next = Array.isArray(values)
    ? [...values]
    : isObject(values)
      ? { ...(values as object) }
      : typeof step === "number"
        ? []
        : {};
  const inner = putValue((values as Record<string | number, unknown> | null | undefined)?.[step], rest, value);
  const isGone =
    inner === undefined || (value === undefined && isObject(inner) && Object.keys(inner as object).length === 0);
  if (!isGone) (next as Record<string | number, unknown>)[step] = inner;
  else if (Array.isArray(next)) next.splice(Number(step), 1);
  else delete (next as Record<string | number, unknown>)[step];
  return next;
}

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null;
}

/** The order of keys does not count, nor does an empty manifest's kind of nothing. */
function asWritten(value: unknown): unknown {
  return value ?? {};
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value as object)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, one]) => [key, sorted(one)]),
  );
}

function attempt<Value>(work: () => Value): Value | undefined {
  try {
    return work();
  } catch {
    return undefined; // the next way is tried, and then the form says that it cannot
  }
}

function firstLineOf(message: string): string {
  return (message.split("\n", 1)[0] ?? "").replace(/ at line \d+, column \d+:?$/, "");
}

/** `brain.model` of a fault → the same path for a form. */
export function isAtPath(faultPath: string, path: Path): boolean {
  return faultPath === pathText(path);
}
