import { isNullText, resolvePlain } from "../source/scalars.ts";
import { DEPTH_MAX } from "../source/tokens.ts";
import type { YamlEntry, YamlMap, YamlNode } from "../source/tree.ts";
import { addFault, joinPath, type Reading, spend, stopReading } from "./reading.ts";

/**
 * A value in which the farmer may write anything (`metadata`, `personality.traits`), as JSON. What JSON would change
 * without a word is a fault instead: numbers that lose digits, infinities, a key that JavaScript takes for its own.
 */
export function readFree(node: YamlNode, path: string, depth: number, reading: Reading): unknown {
  if (!spend(reading, node, path)) return undefined;
  if (depth > DEPTH_MAX) {
    addFault(reading, node.at, path, { message: "is nested too deeply", expected: `at most ${DEPTH_MAX} levels` });
    stopReading(reading); // one alias to a deep value is as good as a hundred
    return undefined;
  }
  if (node.kind === "list") {
    return node.items.map((item, index) => readFree(item, `${path}[${index}]`, depth + 1, reading));
  }
  if (node.kind === "map") return readFreeMap(node, path, depth, reading);
  if (!node.isPlain) return checkText(node.text, node, path, reading);
  const value = resolvePlain(node.text);
  if (typeof value === "string") return checkText(value, node, path, reading);
  if (typeof value !== "number" || Number.isSafeInteger(value)) return value;
  if (!Number.isFinite(value)) {
    addFault(reading, node.at, path, {
      message: `is ${node.text}, which JSON cannot hold`,
      expected: "a finite number",
    });
    return undefined;
  }
  if (!Number.isInteger(value)) return value;
  addFault(reading, node.at, path, {
    message: "has more digits than a number keeps",
    expected: "the number in quotes",
  });
  return undefined;
}

function readFreeMap(node: YamlMap, path: string, depth: number, reading: Reading): Record<string, unknown> {
  const map: Record<string, unknown> = {};
  for (const entry of distinctEntries(node, path, reading)) {
    const inner = joinPath(path, entry.key);
    if (entry.key === "__proto__") {
      addFault(reading, entry.keyAt, inner, { message: "is a key that JavaScript readers take for their own" });
    } else {
      map[entry.key] = readFree(entry.value, inner, depth + 1, reading);
    }
  }
  return map;
}

/** The entries of a map, each key once; a second one is a fault that names the first. */
export function distinctEntries(node: YamlMap, path: string, reading: Reading): readonly YamlEntry[] {
  const seen = new Map<string, YamlEntry>();
  for (const entry of node.entries) {
    if (reading.faults.isFull) break;
    const first = seen.get(entry.key);
    if (first === undefined) {
      seen.set(entry.key, entry);
      reading.spent += 1 + entry.key.length;
      continue;
    }
    const { line, column } = first.keyAt;
    addFault(reading, entry.keyAt, joinPath(path, entry.key), { message: `duplicate key, first at ${line}:${column}` });
  }
  return [...seen.values()];
}

/** Text that every reader behind us can hold: no NUL, which ends a C string, and no half of a surrogate pair. */
export function checkText(text: string, node: YamlNode, path: string, reading: Reading): string | undefined {
  const hasNul = text.includes("\0");
  if (!hasNul && text.isWellFormed()) return text;
  addFault(reading, node.at, path, { message: hasNul ? "has a NUL character" : "has half a surrogate pair" });
  return undefined;
}

/** True for a value that says nothing: `key:`, `~` or `null`. */
export function isNullNode(node: YamlNode): boolean {
  return node.kind === "scalar" && node.isPlain && isNullText(node.text);
}

/** True for `key:` with nothing behind it. */
export function isEmptyNode(node: YamlNode): boolean {
  return node.kind === "scalar" && node.isPlain && node.text === "";
}
