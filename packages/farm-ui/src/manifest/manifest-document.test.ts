import { describe, expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { readValues, valueAt, withValue } from "./manifest-document.ts";
import type { Path } from "./schema.ts";

const WRITTEN = `# the farm's own hen
spec_version: coop/v1
name: aria   # short

brain:
  # which model
  provider: 'anthropic'   # of Anthropic
  model: m-1

tools: [ bash,file_read ]   # not http
network:
  policy: off # nothing
`;

describe("what cannot be changed is not changed", () => {
  test("a text that is no YAML, and one that is no map", () => {
    expect(withValue("name: [", ["name"], "b")).toBeUndefined();
    expect(readValues("name: [\nb: c")).toMatchObject({ values: undefined, fault: { line: expect.any(Number) } });
    expect(readValues("- a\n").values).toBeUndefined();
  });

  test("a place behind an alias, which stands for another place too", () => {
    expect(withValue("a: &x {b: 1}\nc: *x\n", ["c", "b"], 2)).toBeUndefined();
  });

  test("a bomb of aliases", () => {
    const bomb = `a: &a [1,1,1,1,1,1,1,1,1]\n${"bcdefg"
      .split("")
      .map((key, at) => `${key}: &${key} [${`*${"abcdef"[at]},`.repeat(9)}]`)
      .join("\n")}\n`;
    expect(readValues(bomb).values).toBeUndefined();
  });
});

describe("a scalar is changed where it stands, and nothing around it moves", () => {
  test("plain, quoted, with comments behind it", () => {
    expect(withValue(WRITTEN, ["name"], "bruna")).toBe(WRITTEN.replace("aria", "bruna"));
    expect(withValue(WRITTEN, ["brain", "provider"], "openai")).toBe(WRITTEN.replace("'anthropic'", "'openai'"));
    expect(withValue(WRITTEN, ["network", "policy"], "open")).toBe(WRITTEN.replace("policy: off", "policy: open"));
  });

  test("what would be read as something else is quoted", () => {
    for (const value of [
      "no # comment",
      "true",
      "12",
      "a: b",
      "- x",
      "",
      "'",
      '"',
      "{a}",
      "a, b",
      "*x",
      "\t",
      "null",
    ]) {
      const next = withValue(WRITTEN, ["brain", "model"], value) ?? "";
      expect(valueAt(readValues(next).values, ["brain", "model"])).toBe(value);
      expect(next).toContain("# of Anthropic");
    }
  });
});

describe("keys come and go", () => {
  test("a new one stands in its order, in its map", () => {
    const order = ["spec_version", "name", "sex", "brain", "tools", "memory", "network"];
    expect(withValue(WRITTEN, ["sex"], "rooster", order)).toContain("name: aria # short\nsex: rooster\n\nbrain:");
    const next = withValue(WRITTEN, ["memory", "episodic_retention_days"], 30, order) ?? "";
    expect(next).toContain("# not http\n\nmemory:\n  episodic_retention_days: 30\nnetwork:");
    for (const comment of ["# the farm's own hen", "# short", "# which model", "# of Anthropic", "# nothing"]) {
      expect(next).toContain(comment);
    }
    expect(withValue(next, ["memory", "episodic_retention_days"], undefined)).not.toContain("memory");
  });

  test("lists keep what stays", () => {
    const list =
      "network:\n  policy: allowlist\n  allow:\n    # releases\n    - host: a.org # A\n      ports: [443]\n    - host: b.org\n";
    const allow = [
      { host: "a.org", ports: [443] },
      { host: "c.org", ports: [80, 443] },
    ];
    expect(withValue(list, ["network", "allow"], allow)).toBe(
      "network:\n  policy: allowlist\n  allow:\n    # releases\n    - host: a.org # A\n      ports: [443]\n    - host: c.org\n      ports: [80, 443]\n",
    );
    expect(withValue("name: a\n", ["tools"], ["bash", "http"])).toBe("name: a\ntools: [bash, http]\n");
    expect(withValue("memory:\nname: a\n", ["memory", "inherit_from"], "x")).toBe(
      "memory:\n  inherit_from: x\nname: a\n",
    );
  });

  test("a text of several lines is a block", () => {
    expect(withValue("name: a\n", ["personality", "system_prompt"], "You are A.\nBe kind.\n")).toBe(
      "name: a\n\npersonality:\n  system_prompt: |\n    You are A.\n    Be kind.\n",
    );
  });

  test("an empty text gets its first key", () => {
    expect(withValue("", ["name"], "a")).toBe("name: a\n");
    expect(withValue("# later\n", ["name"], "a")).toBe("# later\n\nname: a\n");
  });
});

test("every example takes every change and keeps its comments", () => {
  const folder = `${import.meta.dir}/../../../../examples`;
  const changes: readonly (readonly [Path, unknown])[] = [
    [["name"], "clementine"],
    [["brain", "model"], "x: y"],
    [["brain", "fallbacks"], [{ provider_id: "none", provider: "script", model: "hello" }]],
    [["tools"], ["http"]],
    [["limits", "output_tokens"], 7],
    [["visual", "emoji"], "🐓"],
    [["personality", "system_prompt"], "One.\nTwo."],
    [["network"], { policy: "open" }],
    [["limits", "output_tokens"], undefined],
  ];
  for (const name of readdirSync(folder).filter((file) => file.endsWith(".yaml"))) {
    const start = readFileSync(`${folder}/${name}`, "utf8");
    let text = start;
    for (const [path, value] of changes) {
      const next = withValue(text, path, value);
      expect([name, path, next === undefined]).toEqual([name, path, false]);
      text = next ?? "";
      expect(valueAt(readValues(text).values, path)).toEqual(value as never);
    }
    const comments = start.slice(0, start.indexOf("network:")).match(/# \S.*/g) ?? [];
    for (const comment of comments) expect([name, text.includes(comment)]).toEqual([name, true]);
  }
});
