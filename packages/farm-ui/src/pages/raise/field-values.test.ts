import { expect, test } from "bun:test";
import { manifestJsonSchema } from "coopd-core/manifest";
import { schemaAt } from "../../manifest/schema.ts";
import { fromTyped, kindOfField, toTyped } from "./field-values.ts";

const kindAt = (...path: string[]) => kindOfField(schemaAt(manifestJsonSchema(), path) ?? {});

test("each key is written in what suits its schema", () => {
  expect(kindAt("name")).toBe("text");
  expect(kindAt("personality", "system_prompt")).toBe("prose");
  expect(kindAt("brain", "provider")).toBe("choice");
  expect(kindAt("brain", "cache")).toBe("yes");
  expect(kindAt("tools")).toBe("choices");
  expect(kindAt("limits", "cost_usd")).toBe("number");
  expect(kindAt("sandbox", "read")).toBe("words");
  expect(kindAt("network", "allow")).toBe("rows");
  expect(kindAt("network", "allow", "[]", "ports")).toBe("numbers");
  expect(kindAt("network", "allow", "[]", "methods")).toBe("choices");
});

test("what is no number is not made one, and nothing is taken away that must be there", () => {
  expect(fromTyped("number", "1e9", false)).toBe("1e9");
  expect(fromTyped("number", "0.5", false)).toBe(0.5);
  expect(fromTyped("number", "", false)).toBeUndefined();
  expect(fromTyped("text", "", true)).toBe("");
  expect(fromTyped("text", "", false)).toBeUndefined();
  expect(fromTyped("numbers", "443, x 80", false)).toEqual([443, "x", 80]);
  expect(fromTyped("words", "/usr/lib\n\n /a b ", false)).toEqual(["/usr/lib", " /a b "]);
});

test("what is typed reads back as it is", () => {
  for (const [kind, value] of [
    ["number", 0.5],
    ["numbers", [443, 8443]],
    ["words", ["/a b", "/c"]],
    ["text", "x: y"],
  ] as const) {
    expect(fromTyped(kind, toTyped(kind, value), false)).toEqual(value as never);
  }
});
