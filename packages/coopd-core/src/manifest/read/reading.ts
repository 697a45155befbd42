import { quote } from "../../text/quote.ts";
import type { FaultList, ManifestFault, Place } from "../faults.ts";
import { isNullText } from "../source/scalars.ts";
import type { YamlNode } from "../source/tree.ts";

/** One manifest on its way from tree to value. */
export interface Reading {
  readonly faults: FaultList;
  /** Where each value stands that is written in the text, by path; what was filled in has no place. */
  readonly places: Map<string, Place>;
  /** Characters and nodes that were read so far, repeats through aliases included. */
  spent: number;
}

/**
 * A text of 262,144 bytes has at most so many characters and half as many nodes; only aliases that repeat large
 * values can come to more than twice its length ("YAML bombs"), and the stored JSON grows with them.
 */
export const EXPANSION_MAX = 1_048_576;

/** A reading that has seen nothing yet and notes its faults in this list. */
export function createReading(faults: FaultList): Reading {
  return { faults, places: new Map(), spent: 0 };
}

/** Counts a node; false when reading must stop: aliases repeat too much, or there are faults enough. */
export function spend(reading: Reading, node: YamlNode, path: string): boolean {
  if (reading.spent > EXPANSION_MAX || reading.faults.isFull) return false;
  reading.spent += 1 + (node.kind === "scalar" ? node.text.length : 0);
  if (reading.spent <= EXPANSION_MAX) return true;
  reading.faults.add({
    ...node.at,
    path,
    message: "aliases repeat too much",
    expected: `at most ${EXPANSION_MAX} characters once all are followed`,
  });
  return false;
}

/** Lets nothing more be read; the faults that are there stand. */
export function stopReading(reading: Reading): void {
  reading.spent = Number.POSITIVE_INFINITY;
}

/** Where a key is, for messages: `limits.max_turns`, `metadata["a b"]`. */
export function joinPath(path: string, key: string): string {
  if (!/^[A-Za-z_][A-Za-z0-9_-]{0,63}$/.test(key)) return `${path}[${quote(key)}]`;
  return path === "" ? key : `${path}.${key}`;
}

/** What stands there instead of what should, reading behind "is". */
export function showNode(node: YamlNode): string {
  if (node.kind !== "scalar") return `a ${node.kind}`;
  if (!node.isPlain) return node.text === "" ? "empty" : `the text ${quote(node.text)}`;
  if (node.text === "") return "empty";
  return isNullText(node.text) ? "null" : quote(node.text);
}

/** Notes a fault of the key at `path`, at its place in the text. */
export function addFault(reading: Reading, at: Place, path: string, fault: Omit<ManifestFault, "path" | keyof Place>) {
  reading.faults.add({ line: at.line, column: at.column, path, ...fault });
}
