import { nearestOf, quote } from "coopd-core";
import type { z } from "zod";
import { PatternFault } from "./pattern/parse-pattern.ts";
import { compilePattern } from "./pattern/pattern.ts";
import { type Condition, casesSchema, TURNS_MAX, type Turn, turnSchema } from "./script.ts";

/** Takes a fault at a path of the parsed value, or of the key in it that is meant. */
export type Report = (path: readonly PropertyKey[], message: string, key?: string) => void;

type WrittenTurn = z.output<typeof turnSchema>;
type WrittenCondition = NonNullable<WrittenTurn["when"]>;

/** Deeper than any tool's input; also what ends a value that contains itself. */
const INPUT_DEPTH_MAX = 64;
/** Values and characters in all inputs, written out: aliases make them many times longer than the script. */
const INPUT_SIZE_MAX = 1024 * 1024;

/** Reads the list of turns out of what the YAML says; what is wrong goes to `report`, all of it. */
export function readPlaces(value: unknown, report: Report): readonly (readonly Turn[])[] {
  if (!Array.isArray(value)) {
    report([], `is ${kindOf(value)}; expected a list of turns`);
    return [];
  }
  if (value.length === 0) report([], "has no turn");
  const places = value.slice(0, TURNS_MAX).map((entry, index) => readEntry(entry, index, report));
  const turns = places.reduce((sum, place) => sum + place.length, value.length - places.length);
  if (turns > TURNS_MAX) report([], `has ${turns} turns; the limit is ${TURNS_MAX}`);
  refuseFirstCondition(value[0], places[0] ?? [], report);
  checkInputs(places, value, report);
  return places;
}

function readEntry(entry: unknown, index: number, report: Report): readonly Turn[] {
  if (!hasCases(entry)) {
    const turn = read(turnSchema, entry, [index], report);
    return turn === undefined ? [] : [readTurn(turn, [index], report)];
  }
  const cases = read(casesSchema, entry, [index], report)?.cases ?? [];
  for (const [at, turn] of cases.entries()) {
    if (turn.when !== undefined || at === cases.length - 1) continue;
    report([index, "cases", at], "always fits, so the cases behind it are never played; give it a `when`");
  }
  return cases.map((turn, at) => readTurn(turn, [index, "cases", at], report));
}

function hasCases(entry: unknown): boolean {
  return typeof entry === "object" && entry !== null && Object.hasOwn(entry, "cases");
}

function readTurn(turn: WrittenTurn, path: readonly PropertyKey[], report: Report): Turn {
  const { when, ...rest } = turn;
  return when === undefined ? rest : { ...rest, when: readCondition(when, [...path, "when"], report) };
}

function readCondition(when: WrittenCondition, path: readonly PropertyKey[], report: Report): Condition {
  const { matches, ...rest } = when;
  if (matches === undefined) return rest;
  try {
    return { ...rest, matches: compilePattern(matches) };
  } catch (error) {
    if (!(error instanceof PatternFault)) throw error;
    report([...path, "matches"], error.message);
    return rest;
  }
}

function refuseFirstCondition(entry: unknown, place: readonly Turn[], report: Report): void {
  for (const [at, turn] of place.entries()) {
    if (turn.when === undefined) continue;
    const path = hasCases(entry) ? [0, "cases", at] : [0];
    report(path, "has a `when`, but no tool result comes before the first turn", "when");
  }
}

function read<T>(schema: z.ZodType<T>, value: unknown, path: readonly PropertyKey[], report: Report): T | undefined {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const { issues } = result.error;
  // Where a key is misspelt, that it is missing goes without saying.
  const misspelt = new Set(issues.flatMap((it) => (it.code === "unrecognized_keys" ? [it.path.join(".")] : [])));
  for (const issue of issues) {
    const at = [...path, ...issue.path];
    if (issue.code === "unrecognized_keys") {
      for (const key of issue.keys) report(at, `has the unknown key ${quote(key)}${suggestion(key)}`, key);
      continue;
    }
    const holder = issue.code === "custom" ? issue.path : issue.path.slice(0, -1);
    if (isMissing(issue) && misspelt.has(holder.join("."))) continue;
    report(at, plainMessage(issue.message));
  }
  return undefined;
}

const RECEIVED_NOTHING = ", received undefined";

function isMissing(issue: z.core.$ZodIssue): boolean {
  return issue.code === "custom" || issue.message.endsWith(RECEIVED_NOTHING);
}

const KEYS = ["text", "tools", "delay_ms", "tokens", "finish_reason", "error", "when", "cases"];
const INNER_KEYS = ["name", "input", "output", "code", "message", "contains", "matches", "is_error", "exit_code"];

function suggestion(key: string): string {
  const nearest = nearestOf(key, [...KEYS, ...INNER_KEYS]);
  return nearest === undefined || nearest === key ? "" : `; did you mean ${quote(nearest)}?`;
}

/** `Invalid input: expected string, received number` without what goes without saying. */
function plainMessage(message: string): string {
  const text = message.replace(/^Invalid (?:input|option): /, "");
  if (text.endsWith(RECEIVED_NOTHING)) return `is missing; ${text.slice(0, -RECEIVED_NOTHING.length)}`;
  return text.charAt(0).toLowerCase() + text.slice(1);
}

/** A tool's input goes into the journal as JSON; YAML knows values that JSON does not, and ways to be huge. */
function checkInputs(places: readonly (readonly Turn[])[], value: readonly unknown[], report: Report): void {
  const faultOf = createInputCheck();
  for (const [index, place] of places.entries()) {
    for (const [at, turn] of place.entries()) {
      const path = hasCases(value[index]) ? [index, "cases", at] : [index];
      for (const [call, tool] of (turn.tools ?? []).entries()) {
        const fault = faultOf(tool.input, 0);
        if (fault !== undefined) report([...path, "tools", call, "input"], fault);
      }
    }
  }
}

/** The size counts over all inputs that are checked. */
function createInputCheck(): (part: unknown, depth: number) => string | undefined {
  let size = 0;
  return function faultOf(part: unknown, depth: number): string | undefined {
    size += typeof part === "string" ? part.length : 1;
    if (size > INPUT_SIZE_MAX) return `makes all inputs together larger than ${INPUT_SIZE_MAX} characters`;
    if (depth > INPUT_DEPTH_MAX) return `is nested more than ${INPUT_DEPTH_MAX} deep`;
    if (typeof part === "number" && !Number.isFinite(part)) return `has ${part} in it, which JSON cannot say`;
    if (typeof part !== "object" || part === null) return undefined;
    for (const item of Object.values(part)) {
      const fault = faultOf(item, depth + 1);
      if (fault !== undefined) return fault;
    }
    return undefined;
  };
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return "empty";
  return typeof value === "object" ? "a map" : `a ${typeof value}`;
}
