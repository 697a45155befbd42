import * as z from "zod";
import { nearestOf } from "../../text/nearest.ts";
import type { Manifest } from "../manifest.ts";
import { expectedBy } from "../schema/leaves.ts";
import { manifestSchema } from "../schema/manifest.ts";
import { resolvePlain } from "../source/scalars.ts";
import type { YamlMap, YamlNode, YamlScalar } from "../source/tree.ts";
import { checkText, distinctEntries, isEmptyNode, isNullNode, readFree } from "./free.ts";
import { addFault, joinPath, type Reading, showNode, spend } from "./reading.ts";

/** A value in which everything that was at fault is left out (in a list: undefined). Defaults are filled in. */
export type Draft<T> = T extends readonly (infer Item)[]
  ? readonly (Draft<Item> | undefined)[]
  : T extends object
    ? { readonly [Key in keyof T]?: Draft<T[Key]> }
    : T;

/**
 * Reads a tree as the schema says, and goes on behind each fault, so that all are found at once. The schema decides
 * what a scalar is: where text is asked for, any plain scalar is text (`name: 123`), as the original read it.
 */
export function readDraft(tree: YamlNode, reading: Reading): Draft<Manifest> {
  if (tree.kind !== "map") {
    addFault(reading, tree.at, "", { message: `is ${showNode(tree)}`, expected: "a map of keys" });
    return {};
  }
  return readMap(manifestSchema, tree, "", reading) as Draft<Manifest>;
}

/** Undefined stands for "at fault", which is then in the list. */
function readAs(schema: z.ZodType, node: YamlNode, path: string, reading: Reading): unknown {
  if (!spend(reading, node, path)) return undefined;
  reading.places.set(path, node.at);
  const { inner, isNullable } = unwrap(schema);
  const isCollection = inner instanceof z.ZodObject || inner instanceof z.ZodArray || inner instanceof z.ZodRecord;
  // An empty value is an empty list or map; where text or a number may be null, it is null.
  if (isNullable && isNullNode(node) && !(isCollection && isEmptyNode(node))) return null;
  if (inner instanceof z.ZodObject || inner instanceof z.ZodRecord) {
    const map = isEmptyNode(node) ? { ...node, kind: "map" as const, entries: [] } : node;
    if (map.kind !== "map") return refuse(inner, node, path, reading);
    return inner instanceof z.ZodObject ? readMap(inner, map, path, reading) : readFree(map, path, 1, reading);
  }
  if (inner instanceof z.ZodArray) return readList(inner, node, path, reading);
  if (node.kind !== "scalar") return refuse(inner, node, path, reading);
  return readLeaf(inner, node, path, reading);
}

function unwrap(schema: z.ZodType): { readonly inner: z.ZodType; readonly isNullable: boolean } {
  let inner = schema;
  let isNullable = false;
  while (inner instanceof z.ZodDefault || inner instanceof z.ZodNullable) {
    isNullable ||= inner instanceof z.ZodNullable;
    inner = inner.def.innerType as z.ZodType;
  }
  return { inner, isNullable };
}

function refuse(schema: z.ZodType, node: YamlNode, path: string, reading: Reading): undefined {
  addFault(reading, node.at, path, { message: `is ${showNode(node)}`, expected: expectedBy(schema) });
}

function readMap(schema: z.ZodObject, node: YamlMap, path: string, reading: Reading): Record<string, unknown> {
  const shape: Readonly<Record<string, z.ZodType>> = schema.shape;
  const known = Object.keys(shape);
  const given = new Map<string, YamlNode>();
  for (const entry of distinctEntries(node, path, reading)) {
    if (known.includes(entry.key)) given.set(entry.key, entry.value);
    else {
      const nearest = nearestOf(entry.key, known);
      const says = nearest === undefined ? { expected: `one of ${known.join(", ")}` } : { nearest };
      addFault(reading, entry.keyAt, joinPath(path, entry.key), { message: "unknown key", ...says });
    }
  }
  const map: Record<string, unknown> = {};
  for (const [key, part] of Object.entries(shape)) {
    const value = given.get(key);
    if (value !== undefined) map[key] = readAs(part, value, joinPath(path, key), reading);
    else if (part instanceof z.ZodDefault) map[key] = part.parse(undefined);
    else {
      const { inner } = unwrap(part);
      addFault(reading, node.at, joinPath(path, key), { message: "is missing", expected: expectedBy(inner) });
    }
  }
  return map;
}

function readList(schema: z.ZodArray, node: YamlNode, path: string, reading: Reading): readonly unknown[] | undefined {
  if (node.kind !== "list" && !isEmptyNode(node)) return refuse(schema, node, path, reading);
  const items = node.kind === "list" ? node.items : [];
  const { minimum, maximum } = lengthRange(schema);
  if (items.length < minimum || items.length > maximum) {
    const expected = items.length > maximum ? `at most ${maximum}` : "at least 1; leave the key out for any";
    addFault(reading, node.at, path, { message: `has ${items.length} entries`, expected });
    return undefined;
  }
  return items.map((item, index) => readAs(schema.element as z.ZodType, item, `${path}[${index}]`, reading));
}

/** What `.min()` and `.max()` of an array say; each item is judged by itself, at its own place. */
function lengthRange(schema: z.ZodArray): { readonly minimum: number; readonly maximum: number } {
  let [minimum, maximum] = [0, Number.POSITIVE_INFINITY];
  for (const check of schema.def.checks ?? []) {
    if (check instanceof z.core.$ZodCheckMinLength) minimum = check._zod.def.minimum;
    if (check instanceof z.core.$ZodCheckMaxLength) maximum = check._zod.def.maximum;
  }
  return { minimum, maximum };
}

function readLeaf(schema: z.ZodType, node: YamlScalar, path: string, reading: Reading): unknown {
  const takesText = schema instanceof z.ZodString || schema instanceof z.ZodEnum;
  const value = takesText || !node.isPlain ? node.text : resolvePlain(node.text);
  if (typeof value === "string" && checkText(value, node, path, reading) === undefined) return undefined;
  const verdict = schema.safeParse(value);
  if (verdict.success) return verdict.data;
  const [issue] = verdict.error.issues;
  const nearest = nearestLeaf(schema, node.text);
  addFault(reading, node.at, path, {
    message: issue === undefined ? `is ${showNode(node)}` : wordsOf(issue, node),
    expected: expectedBy(schema),
    ...(nearest === undefined ? {} : { nearest }),
  });
  return undefined;
}

function wordsOf(issue: z.core.$ZodIssue, node: YamlScalar): string {
  if (issue.code === "custom") return issue.message;
  if (issue.code === "too_big" && issue.origin === "string") return `has ${Array.from(node.text).length} characters`;
  return `is ${showNode(node)}`;
}

/** What was most likely meant: the nearest of the words that are known, or the boolean behind a YAML 1.1 spelling. */
function nearestLeaf(schema: z.ZodType, text: string): string | undefined {
  if (schema instanceof z.ZodEnum) return nearestOf(text, schema.options.map(String));
  if (!(schema instanceof z.ZodBoolean)) return undefined;
  if (/^(?:yes|on|y|1)$/i.test(text)) return "true";
  return /^(?:no|off|n|0)$/i.test(text) ? "false" : nearestOf(text, ["true", "false"]);
}
