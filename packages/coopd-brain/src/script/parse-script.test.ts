import { describe, expect, test } from "bun:test";
import { CoopError } from "coopd-core";
import { parseScript } from "./parse-script.ts";
import type { ScriptFault } from "./script-fault.ts";

function faultsOf(text: string): readonly ScriptFault[] {
  try {
    parseScript(text);
  } catch (error) {
    expect(error).toBeInstanceOf(CoopError);
    expect(error).toMatchObject({ code: "script_invalid" });
    return (error as CoopError).details?.faults as readonly ScriptFault[];
  }
  throw new Error("the script was accepted");
}

describe("a script is refused with the place of the fault", () => {
  const rows: [string, string, string][] = [
    ["", "1:1", "is empty; expected a list of turns"],
    ["# only a comment\n", "1:1", "is empty"],
    ["hello", "1:1", "is a string"],
    ["7", "1:1", "is a number"],
    ["turns: []", "1:1", "is a map"],
    ["[]", "1:1", "has no turn"],
    ["- hello", "1:3", "expected object, received string"],
    ["- text: a\n-\n", "2:2", "expected object, received null"],
    ["- text: 7", "1:9", "expected string, received number"],
    ["- text: ''", "1:9", "too small"],
    ["- {}", "1:3", "at least one of text, tools, error"],
    ["- text: a\n  txet: b", "2:3", 'has the unknown key "txet"; did you mean "text"?'],
    ["- text: a\n  text: b", "2:3", 'has the key "text" twice'],
    ["- tools: []", "1:10", "too small"],
    ["- tools: {name: bash}", "1:10", "expected array"],
    ["- tools: [{nam: bash}]", "1:12", 'unknown key "nam"; did you mean "name"?'],
    ["- tools: [{name: bash, input: .nan}]", "1:31", "has NaN in it"],
    ["- tools: [{name: bash, input: [.inf]}]", "1:31", "has Infinity in it"],
    ["- text: a\n  delay_ms: 600001", "2:13", "too big"],
    ["- text: a\n  delay_ms: -1", "2:13", "too small"],
    ["- text: a\n  delay_ms: 1.5", "2:13", "expected int"],
    ["- text: a\n  tokens: {input: x}", "2:19", "expected number"],
    ["- text: a\n  finish_reason: done", "2:18", "expected one of"],
    ["- error: {code: internal, message: x}", "1:17", "expected one of"],
    ["- error: {code: brain_refused}", "1:10", "is missing; expected string"],
    ["- tools: [{name: a}]\n  error: {code: brain_refused, message: x}", "1:3", "tools or error, not both"],
    ["- text: a\n  when: {is_error: true}", "2:3", "no tool result comes before the first turn"],
    ["- cases:\n  - when: {contains: x}\n    text: a", "2:5", "no tool result comes before the first turn"],
    ["- text: a\n- text: b\n  when: {}", "3:9", "at least one of contains"],
    ["- text: a\n- text: b\n  when: {exit_code: '0'}", "3:21", "expected number"],
    ["- text: a\n- text: b\n  when: {matches: '('}", "3:19", "has a `(` without its `)`"],
    ["- text: a\n- cases: []", "2:10", "too small"],
    ["- text: a\n- cases:\n  - text: b\n  - text: c", "3:5", "always fits"],
    ["- text: a\n- cases: [{text: b}]\n  text: c", "3:3", 'unknown key "text"'],
    ["- text: a\n- cases: [{cases: [{text: b}]}]", "2:12", 'unknown key "cases"'],
    ["- text: [a", "1:11", "is not YAML"],
    ["- text: a\n\t- text: b", "2:1", "is not YAML"],
    ["- text: !!binary aGk=", "1:9", "is not YAML"],
    ["- text: !js/function x", "1:9", "is not YAML"],
    ["- text: *gone", "1:9", 'has the alias "gone"'],
    ["- text: *late\n- text: &late x", "1:1", "uses its aliases too often or too early"],
    ["- text: a\n---\n- text: b", "2:1", "is not YAML"],
    ["- __proto__: {text: a}", "1:3", 'unknown key "__proto__"'],
    ["- text: a\n  constructor: b", "2:3", 'unknown key "constructor"'],
    ["- <<: {text: a}", "1:3", 'unknown key "<<"'],
    ["- &a [*a]", "1:6", "expected object, received array"],
    ["- tools: [{name: t, input: &a [*a]}]", "1:31", "nested more than 64 deep"],
  ];

  test.each(rows)("%j", (text, place, message) => {
    const [fault] = faultsOf(text);
    expect(`${fault?.line}:${fault?.column} ${fault?.message}`).toStartWith(`${place} `);
    expect(fault?.message).toContain(message);
  });

  test("every fault at once, up to twenty", () => {
    expect(faultsOf("- text: 1\n- txt: a\n- text: ok\n- delay_ms: x\n").map(({ line, path }) => [line, path])).toEqual([
      [1, "turn 1: text"],
      [2, "turn 2:"],
      [4, "turn 4: delay_ms"],
    ]);
    expect(faultsOf("- text: 1\n".repeat(50)).length).toBe(20);
  });

  test("the place behind an alias is where its anchor stands", () => {
    const [fault] = faultsOf("- text: a\n- tools: &t\n  - name: ''\n- tools: *t\n");
    expect(fault).toMatchObject({ line: 3, column: 11, path: "turn 2: tools[0].name" });
  });
});

describe("a script has limits", () => {
  test("256 KiB", () => {
    const text = `- text: ${"x".repeat(256 * 1024 - 8)}`;
    expect(parseScript(text).places.length).toBe(1);
    expect(faultsOf(`${text}y`)[0]?.message).toBe("has 262145 bytes; the limit is 262144");
    expect(faultsOf(`- text: ${"ä".repeat(131_072)}`)[0]?.message).toContain("bytes; the limit is");
  });

  test("10,000 turns, those inside cases counted", () => {
    const turns = "- text: x\n";
    expect(parseScript(turns.repeat(10_000)).places.length).toBe(10_000);
    expect(faultsOf(turns.repeat(10_001))[0]?.message).toContain("has 10001 turns; the limit is 10000");
    const cases = `${turns.repeat(9_999)}- cases: [{text: a, when: {is_error: true}}, {text: b}]\n`;
    expect(faultsOf(cases)[0]?.message).toContain("has 10001 turns");
  });

  test("1 MiB of inputs, written out", () => {
    const text = `- text: a\n- tools: &t [{name: n, input: {a: ${"x".repeat(3000)}}}]\n${"- tools: *t\n".repeat(400)}`;
    expect(faultsOf(text)[0]?.message).toContain("makes all inputs together larger");
  });
});

describe("hostile YAML is answered, not suffered", () => {
  const size = 256 * 1024;
  const levels = "abcdefghijklmnop".split("");
  const bomb = levels.map(
    (name, at) =>
      `- &${name} [${Array(9)
        .fill(at === 0 ? "x" : `*${levels[at - 1]}`)
        .join(",")}]`,
  );
  const hostile: Record<string, string> = {
    "flow lists without end": "[".repeat(size),
    "flow lists, closed": "[".repeat(size / 2) + "]".repeat(size / 2),
    "flow maps without end": "{a: ".repeat(size / 4),
    dashes: "- ".repeat(size / 2),
    "question marks": "? ".repeat(size / 2),
    colons: ": ".repeat(size / 2),
    quotes: '"'.repeat(size),
    "30,000 keys": Array.from({ length: 30_000 }, (_, key) => `k${key}: 1`)
      .join("\n")
      .slice(0, size),
    "30,000 equal keys": "k: 1\n".repeat(30_000),
    "a bomb of aliases": bomb.join("\n"),
    "50,000 aliases": `- &a x\n${"- *a\n".repeat(50_000)}`,
    tags: "!".repeat(size),
    directives: "%YAML 9.9\n".repeat(1000),
    documents: "---\n".repeat(size / 4),
    "line ends": "\n".repeat(size),
    NUL: "\0".repeat(size),
    "control characters": "- text: \u0007\u001b[2J\u0000",
    "half a surrogate pair": "- txt: \ud83d",
    "a huge scalar as a key": `- ${"k".repeat(size - 10)}: 1`,
  };
  test.each(Object.entries(hostile))(
    "%s",
    (_name, text) => {
      try {
        parseScript(text);
      } catch (error) {
        expect(error).toMatchObject({ code: "script_invalid" });
        expect((error as CoopError).message.length).toBeLessThan(10_000);
      }
    },
    20_000,
  );
});

describe("a script is read", () => {
  test("with every part of a turn", () => {
    const { places } = parseScript(`
- text: |
    two
    lines
  tools:
    - name: bash
      input: { command: "true", timeout_s: 5, list: [1, null, yes] }
  delay_ms: 600000
  tokens: { output: 2 }
  finish_reason: tool_use
- error: { code: brain_unavailable, message: down }
- cases:
    - when: { contains: a, matches: "b+", is_error: false, exit_code: -1 }
      text: &again again
    - text: *again
`);
    expect(places).toMatchObject([
      [
        {
          text: "two\nlines\n",
          tools: [{ name: "bash", input: { command: "true", timeout_s: 5, list: [1, null, "yes"] } }],
          delay_ms: 600_000,
          tokens: { output: 2 },
          finish_reason: "tool_use",
        },
      ],
      [{ error: { code: "brain_unavailable", message: "down" } }],
      [{ when: { contains: "a", is_error: false, exit_code: -1 }, text: "again" }, { text: "again" }],
    ]);
    expect(places[2]?.[0]?.when?.matches?.occursIn("abbc")).toBe(true);
  });
});
