import { type CharTest, type Edge, isWordChar, PatternFault, type PatternNode, parsePattern } from "./parse-pattern.ts";

/** Says whether a pattern occurs anywhere in a text. */
export interface Pattern {
  readonly source: string;
  /** Looks at the first {@link PATTERN_TEXT_MAX} characters of the text. */
  occursIn(text: string): boolean;
}

type Instruction =
  | { readonly op: "set"; readonly has: CharTest }
  | { readonly op: "edge"; readonly edge: Edge }
  | { op: "split"; first: number; second: number }
  | { readonly op: "match" };

/** Steps are at most characters × instructions: 16,384 × 200 take some 0.1 s at the very worst. */
const INSTRUCTIONS_MAX = 200;
/** Characters of a text that a pattern looks at. */
export const PATTERN_TEXT_MAX = 16_384;

/**
 * Compiles a pattern to a machine that reads a text once, whatever the pattern (Thompson, CACM 11(6), 1968). Not
 * RegExp, because scripts come from prompts, and a hen can send a prompt by `delegate`: with RegExp one `(a+)+$` would
 * hold up the whole daemon, and JavaScriptCore then answers "no match" where it gave up.
 * @throws PatternFault
 */
export function compilePattern(source: string): Pattern {
  const program: Instruction[] = [];
  emit(parsePattern(source), program);
  push(program, { op: "match" });
  return { source, occursIn: (text) => run(program, text.slice(0, PATTERN_TEXT_MAX)) };
}

function push(program: Instruction[], instruction: Instruction): number {
  if (program.length >= INSTRUCTIONS_MAX) throw new PatternFault("is too large once its repeats are written out");
  return program.push(instruction) - 1;
}

/** Appends the node's instructions; control leaves them by falling off their end. */
function emit(node: PatternNode, program: Instruction[]): void {
  switch (node.kind) {
    case "set":
      push(program, { op: "set", has: node.has });
      return;
    case "edge":
      push(program, { op: "edge", edge: node.edge });
      return;
    case "row":
      for (const item of node.items) emit(item, program);
      return;
    case "either":
      emitEither(node.items, program);
      return;
    case "repeat":
      for (let count = 0; count < node.min; count += 1) emit(node.item, program);
      if (node.max === undefined) emitLoop(node.item, program);
      else for (let count = node.min; count < node.max; count += 1) emitOptional(node.item, program);
  }
}

function emitEither(items: readonly PatternNode[], program: Instruction[]): void {
  const exits: { first: number; second: number }[] = [];
  for (const [index, item] of items.entries()) {
    if (index === items.length - 1) {
      emit(item, program);
      continue;
    }
    const split = pushSplit(program);
    emit(item, program);
    exits.push(pushSplit(program));
    split.second = program.length;
  }
  for (const exit of exits) exit.first = exit.second = program.length;
}

function emitLoop(item: PatternNode, program: Instruction[]): void {
  const head = program.length;
  const split = pushSplit(program);
  emit(item, program);
  const back = pushSplit(program);
  back.first = back.second = head;
  split.second = program.length;
}

function emitOptional(item: PatternNode, program: Instruction[]): void {
  const split = pushSplit(program);
  emit(item, program);
  split.second = program.length;
}

/** A split whose first way is the next instruction; the caller sets the second. */
function pushSplit(program: Instruction[]): { first: number; second: number } {
  const split = { op: "split" as const, first: program.length + 1, second: program.length + 1 };
  push(program, split);
  return split;
}

function run(program: readonly Instruction[], text: string): boolean {
  const chars = Array.from(text, (char) => char.codePointAt(0) ?? 0);
  const seen = new Int32Array(program.length).fill(-1);
  let starts: number[] = [];
  for (let at = 0; at <= chars.length; at += 1) {
    starts.push(0); // a match may start at any character
    const sets: number[] = [];
    for (const start of starts) if (follow(program, start, chars, at, seen, sets)) return true;
    starts = [];
    const char = chars[at];
    if (char === undefined) return false;
    for (const place of sets) {
      const instruction = program[place];
      if (instruction?.op === "set" && instruction.has(char)) starts.push(place + 1);
    }
  }
  return false;
}

/** Adds every `set` that can be reached from `start` without a character to `into`; true when the match is complete. */
function follow(
  program: readonly Instruction[],
  start: number,
  chars: readonly number[],
  at: number,
  seen: Int32Array,
  into: number[],
): boolean {
  const open = [start];
  for (let place = open.pop(); place !== undefined; place = open.pop()) {
    if (seen[place] === at) continue;
    seen[place] = at;
    const instruction = program[place];
    if (instruction === undefined || instruction.op === "match") return true;
    if (instruction.op === "set") into.push(place);
    else if (instruction.op === "split") open.push(instruction.second, instruction.first);
    else if (isAtEdge(instruction.edge, chars, at)) open.push(place + 1);
  }
  return false;
}

function isAtEdge(edge: Edge, chars: readonly number[], at: number): boolean {
  if (edge === "start") return at === 0;
  if (edge === "end") return at === chars.length;
  const isWord = (index: number) => isWordChar(chars[index] ?? 0);
  return isWord(at - 1) !== isWord(at);
}
