import { expect, test } from "bun:test";
import { isTangled } from "./tangled.ts";

test("what people and models write is not tangled", () => {
  expect(isTangled("")).toBe(false);
  expect(isTangled("A **word** and a [link](http://a.test).\n\n".repeat(2_000))).toBe(false);
  expect(isTangled("plain words without an end ".repeat(500))).toBe(false);
  const table = "| a | b |\n|---|---|\n".concat("| one | two |\n".repeat(100));
  expect(isTangled(table)).toBe(false);
  expect(isTangled(`before\n\n\`\`\`c\n${"*p++ = a[i] & ~b;\n".repeat(5_000)}\`\`\`\n\nbehind`)).toBe(false);
});

test("what would hold a page up is", () => {
  for (const mark of ["[", "![", "> ", "*a ", "_a", "<", "\\\\", "a@", "~~a", "|a", "&amp"]) {
    expect([mark, isTangled(mark.repeat(30_000))]).toEqual([mark, true]);
  }
  expect(isTangled("www.".repeat(10_000))).toBe(true);
  expect(isTangled(`\`\`\`\nx\n\`\`\`\n${"_a".repeat(10_000)}`)).toBe(true);
});
