/**
 * A pattern as a tree. The syntax is the plain part of JavaScript's regular expressions: literals, `.`, `[a-z]`, `[^…]`,
 * `\d \w \s \D \W \S \b \n \r \t`, `^` and `$` (of the whole text), groups, `|`, and `* + ? {m} {m,} {m,n}`.
 */
export type PatternNode =
  | { readonly kind: "set"; readonly has: CharTest }
  | { readonly kind: "edge"; readonly edge: Edge }
  | { readonly kind: "row"; readonly items: readonly PatternNode[] }
  | { readonly kind: "either"; readonly items: readonly PatternNode[] }
  /** `max` undefined: any number. */
  | { readonly kind: "repeat"; readonly item: PatternNode; readonly min: number; readonly max: number | undefined };

/** Says of a code point whether it is in the set. */
export type CharTest = (char: number) => boolean;
/** A place between characters: the text's start or end, or where a word begins or ends. */
export type Edge = "start" | "end" | "word";

/** What is wrong with a pattern, as words for a message. */
export class PatternFault extends Error {}

/** Long enough for any condition; keeps the parser's recursion shallow. */
export const PATTERN_LENGTH_MAX = 500;
const REPEAT_MAX = 100;

/** @throws PatternFault */
export function parsePattern(pattern: string): PatternNode {
  if (pattern.length > PATTERN_LENGTH_MAX) throw new PatternFault(`is longer than ${PATTERN_LENGTH_MAX} characters`);
  const reader = new Reader(Array.from(pattern));
  const node = parseEither(reader);
  if (!reader.isAtEnd) throw new PatternFault("has a `)` without its `(`");
  return node;
}

class Reader {
  #at = 0;
  readonly #chars: readonly string[];

  constructor(chars: readonly string[]) {
    this.#chars = chars;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#chars.length;
  }

  get next(): string | undefined {
    return this.#chars[this.#at];
  }

  take(): string {
    const char = this.#chars[this.#at];
    if (char === undefined) throw new PatternFault("ends too early");
    this.#at += 1;
    return char;
  }

  takeIf(text: string): boolean {
    if (this.#chars.slice(this.#at, this.#at + text.length).join("") !== text) return false;
    this.#at += text.length;
    return true;
  }

  /** Takes characters up to `stop` and `stop` itself; undefined, and nothing taken, when it does not come. */
  takeThrough(stop: string): string | undefined {
    const end = this.#chars.indexOf(stop, this.#at);
    if (end < 0) return undefined;
    const taken = this.#chars.slice(this.#at, end).join("");
    this.#at = end + 1;
    return taken;
  }
}

function parseEither(reader: Reader): PatternNode {
  const items = [parseRow(reader)];
  while (reader.takeIf("|")) items.push(parseRow(reader));
  return { kind: "either", items };
}

function parseRow(reader: Reader): PatternNode {
  const items: PatternNode[] = [];
  while (!reader.isAtEnd && reader.next !== "|" && reader.next !== ")") items.push(parseRepeat(reader));
  return { kind: "row", items };
}

function parseRepeat(reader: Reader): PatternNode {
  const item = parseAtom(reader);
  const range = takeRange(reader);
  if (range === undefined) return item;
  reader.takeIf("?"); // a lazy repeat matches the same texts
  if (takeRange(reader) !== undefined) throw new PatternFault("repeats a repeat; put the first into a group");
  return { kind: "repeat", item, ...range };
}

function takeRange(reader: Reader): { min: number; max: number | undefined } | undefined {
  if (reader.takeIf("*")) return { min: 0, max: undefined };
  if (reader.takeIf("+")) return { min: 1, max: undefined };
  if (reader.takeIf("?")) return { min: 0, max: 1 };
  if (!reader.takeIf("{")) return undefined;
  const match = /^(\d{1,4})(,(\d{0,4}))?$/.exec(reader.takeThrough("}") ?? "");
  if (match === null) throw new PatternFault("has a `{` that is no {m}, {m,} or {m,n}; a literal one is `\\{`");
  const min = Number(match[1]);
  const max = match[2] === undefined ? min : match[3] === "" ? undefined : Number(match[3]);
  if (max !== undefined && max < min) throw new PatternFault(`has {${min},${max}}, which is the wrong way round`);
  if (Math.max(min, max ?? 0) > REPEAT_MAX) throw new PatternFault(`repeats more than ${REPEAT_MAX} times`);
  return { min, max };
}

function parseAtom(reader: Reader): PatternNode {
  const char = reader.take();
  switch (char) {
    case "(":
      return parseGroup(reader);
    case "[":
      return { kind: "set", has: parseClass(reader) };
    case ".":
      return { kind: "set", has: (code) => !isLineEnd(code) };
    case "^":
      return { kind: "edge", edge: "start" };
    case "$":
      return { kind: "edge", edge: "end" };
    case "*":
    case "+":
    case "?":
    case "{":
      throw new PatternFault(`has a \`${char}\` with nothing to repeat before it`);
    case "\\":
      if (reader.takeIf("b")) return { kind: "edge", edge: "word" };
      return { kind: "set", has: parseEscape(reader) };
    default:
      return { kind: "set", has: isChar(char) };
  }
}

function parseGroup(reader: Reader): PatternNode {
  if (reader.next === "?" && !reader.takeIf("?:")) throw new PatternFault("has a group `(?` that is not `(?:`");
  const node = parseEither(reader);
  if (!reader.takeIf(")")) throw new PatternFault("has a `(` without its `)`");
  return node;
}

function parseClass(reader: Reader): CharTest {
  const isNegated = reader.takeIf("^");
  const tests: CharTest[] = [];
  while (!reader.takeIf("]")) {
    if (reader.isAtEnd) throw new PatternFault("has a `[` without its `]`");
    const first = reader.take();
    if (first === "\\") {
      tests.push(parseEscape(reader));
      continue;
    }
    const from = codeOf(first);
    if (reader.next !== "-") {
      tests.push((code) => code === from);
      continue;
    }
    reader.take();
    if (reader.takeIf("]")) {
      tests.push((code) => code === from || code === 0x2d);
      break;
    }
    const to = codeOf(reader.take());
    if (to < from) throw new PatternFault("has a range in `[…]` that is the wrong way round");
    tests.push((code) => code >= from && code <= to);
  }
  return (code) => tests.some((test) => test(code)) !== isNegated;
}

const isLineEnd: CharTest = (code) => code === 0x0a || code === 0x0d || code === 0x2028 || code === 0x2029;
const isDigit: CharTest = (code) => code >= 0x30 && code <= 0x39;
const isSpace: CharTest = (code) => /\s/.test(String.fromCodePoint(code));
/** `\w`; also what `\b` stands between. */
export const isWordChar: CharTest = (code) =>
  isDigit(code) || (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a) || code === 0x5f;

const CLASS_ESCAPES: Readonly<Record<string, CharTest>> = { d: isDigit, w: isWordChar, s: isSpace };
const CHAR_ESCAPES: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t" };

function parseEscape(reader: Reader): CharTest {
  const char = reader.take();
  const inClass = CLASS_ESCAPES[char.toLowerCase()];
  if (inClass !== undefined) return char === char.toLowerCase() ? inClass : (code) => !inClass(code);
  const named = CHAR_ESCAPES[char];
  if (named !== undefined) return isChar(named);
  if (/[A-Za-z0-9]/.test(char)) throw new PatternFault(`has \`\\${char}\`, which is not known here`);
  return isChar(char);
}

function isChar(char: string): CharTest {
  const wanted = codeOf(char);
  return (code) => code === wanted;
}

function codeOf(char: string): number {
  return char.codePointAt(0) ?? 0;
}
