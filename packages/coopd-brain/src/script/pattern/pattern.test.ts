import { describe, expect, test } from "bun:test";
import { PatternFault } from "./parse-pattern.ts";
import { compilePattern } from "./pattern.ts";

describe("a pattern is refused", () => {
  const refused = [
    "(",
    ")",
    "a)",
    "(a",
    "[a",
    "[z-a]",
    "*a",
    "+",
    "a**",
    "a{2}{3}",
    "{2}",
    "a{3,2}",
    "a{x}",
    "a{101}",
    "a{2",
    "(?=a)",
    "(?<n>a)",
    "\\1",
    "\\p",
    "\\",
    "((a{100}){100}){100}",
    "a".repeat(501),
  ];
  test.each(refused)("%s", (source) => {
    expect(() => compilePattern(source)).toThrow(PatternFault);
  });
});

describe("a pattern agrees with RegExp", () => {
  const sources = [
    "",
    "a",
    "abc",
    "^abc$",
    "^$",
    "a|b|cd",
    "(a|b)*c",
    "a+b?c*",
    "[a-c]+",
    "[^a-c]",
    "[a-]",
    "[-a]",
    "\\d+ passed",
    "\\bcat\\b",
    "\\w+\\s\\w+",
    "\\S\\W\\D",
    "a.c",
    "a{2}",
    "a{2,}",
    "a{1,2}b",
    "(?:ab){2,3}?c",
    "a||b",
    "(a*)*b",
    "(|a)+b",
    "\\[x\\]\\.\\{",
    '"exit_code":0',
    "🐔+",
    "\\n$",
  ];
  const texts = [
    "",
    "a",
    "b",
    "abc",
    "xabcx",
    "aac",
    "aabbcc",
    "aaab",
    "cat",
    "concat",
    "a cat sat",
    "3 passed",
    "a\nc",
    "a\u2028c",
    "a\rc",
  ];
  const more = ["[x].{", '{"stdout":"ok","exit_code":0}', "🐔🐔", "ababc", "abababc", "-", "]", "x\n", "…", "d-_ 9"];
  for (const source of sources) {
    test(JSON.stringify(source), () => {
      const pattern = compilePattern(source);
      for (const text of [...texts, ...more]) {
        expect([text, pattern.occursIn(text)]).toEqual([text, new RegExp(source, "u").test(text)]);
      }
    });
  }

  test("over 20,000 random patterns and texts, seed 7", () => {
    let state = 7;
    const pick = <T>(items: readonly T[]): T => {
      state = (state * 1103515245 + 12345) % 2147483648;
      return items[Math.floor((state / 2147483648) * items.length)] as T;
    };
    const piece = (depth: number): string => {
      const atom = depth > 2 ? pick(["a", "b", ".", "[ab]", "[^a]", "^", "$", "\\b"]) : pick(["a", "b", "()", "(|)"]);
      if (atom === "()") return `(${piece(depth + 1)}${piece(depth + 1)})${pick(["", "*", "+", "?", "{1,2}"])}`;
      if (atom === "(|)") return `(?:${piece(depth + 1)}|${piece(depth + 1)})${pick(["", "*", "+"])}`;
      return /^[\^$\\]/.test(atom) ? atom : atom + pick(["", "", "*", "+", "?", "{2}"]);
    };
    for (let round = 0; round < 20_000; round += 1) {
      const source = piece(0) + piece(1);
      const text = Array.from({ length: pick([0, 1, 2, 3, 5, 8]) }, () => pick(["a", "b", " ", "c"])).join("");
      const mine = compilePattern(source).occursIn(text);
      expect([source, text, mine]).toEqual([source, text, new RegExp(source, "u").test(text)]);
    }
  });
});

test("a pattern that makes RegExp give up is answered, and right", () => {
  const text = `${"a".repeat(5_000)}b`;
  expect(compilePattern("^(a+)+$").occursIn(text)).toBe(false);
  expect(compilePattern("^(a+)+b$").occursIn(text)).toBe(true);
  expect(compilePattern("(a*)*(a|a)*(a*a*a*)*c").occursIn(text)).toBe(false);
});
