import { describe, expect, test } from "bun:test";
import { toJsonArrayText, toJsonLine, toJsonLineAsReceived, toJsonText } from "./json-text.ts";
import { toYamlText } from "./yaml-text.ts";

const HOSTILE = "\u001b[2J\u009b31m\u007f\u202e\u2028\u0000";

describe("JSON", () => {
  test("is pretty with sorted keys and a newline at the end", () => {
    expect(toJsonText({ b: [{ d: 1, c: null }], a: "x" })).toBe(
      '{\n  "a": "x",\n  "b": [\n    {\n      "c": null,\n      "d": 1\n    }\n  ]\n}\n',
    );
    expect(toJsonText("local.coop/aria")).toBe('"local.coop/aria"\n');
    expect(toJsonText([])).toBe("[]\n");
  });

  test("keeps a key named __proto__ and order within arrays", () => {
    expect(toJsonLine(JSON.parse('{"z":[3,1,2],"__proto__":{"a":1}}'))).toBe('{"__proto__":{"a":1},"z":[3,1,2]}\n');
    expect(toJsonLineAsReceived({ type: "x", id: 1, at: 2 })).toBe('{"type":"x","id":1,"at":2}\n');
  });

  test("has no raw control character in it and is the same value", () => {
    const text = toJsonText({ [HOSTILE]: HOSTILE });
    expect(text).not.toMatch(/[^\P{Cc}\n]|[\u202a-\u202e\u2028]/u);
    expect(JSON.parse(text)).toEqual({ [HOSTILE]: HOSTILE });
  });

  test("row by row is byte for byte the whole array", async () => {
    for (const rows of [[], [1], [{ b: 1, a: [2] }, "x", [], {}]]) {
      let text = "";
      for await (const part of toJsonArrayText(rows)) text += part;
      expect(text).toBe(toJsonText(rows));
    }
  });
});

describe("YAML", () => {
  test("has sorted keys, readable lines, and no anchors for what occurs twice", () => {
    const twice = { x: 1 };
    expect(toYamlText({ b: "one\ntwo\n", a: [twice, twice] })).toBe("a:\n  - x: 1\n  - x: 1\nb: |\n  one\n  two\n");
  });

  test("has no raw control character in it and is the same value", () => {
    const text = toYamlText({ [HOSTILE]: HOSTILE, list: [HOSTILE, "plain"] });
    expect(text).not.toMatch(/[^\P{Cc}\n]|[\u202a-\u202e\u2028]/u);
    expect(Bun.YAML.parse(text)).toEqual({ [HOSTILE]: HOSTILE, list: [HOSTILE, "plain"] });
  });
});
