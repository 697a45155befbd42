import { expect, test } from "bun:test";
import { inOneLine } from "./one-line.ts";

test("headings, lists, quotes and code become words", () => {
  const answer = "## Done\n\nThe ledger is in `eggs.md`:\n\n- **Monday**: 4 eggs\n> Ten eggs\n```sh\nls -la\n```\n";
  expect(inOneLine(answer)).toBe("Done · The ledger is in eggs.md: Monday: 4 eggs · Ten eggs · ls -la");
});

test("what only looks like a mark stays, and long answers are cut", () => {
  expect(inOneLine("#1 is -5 > 3\n*not* a list")).toBe("#1 is -5 > 3 · *not* a list");
  expect(inOneLine("")).toBe("");
  expect(inOneLine("a\n".repeat(50))).toBe("a · a · a · a · a · a");
  expect(inOneLine("x".repeat(5_000))).toHaveLength(2_000);
});
