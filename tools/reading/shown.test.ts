import { expect, test } from "bun:test";
import { isShown } from "./shown.ts";

test("another line, a line too few and a line too many are not what the page says", () => {
  expect(isShown("a\nb\n", "a\nc\n")).toBe(false);
  expect(isShown("a\nb\n", "a\n")).toBe(false);
  expect(isShown("a\n", "a\nb\n")).toBe(false);
  expect(isShown("a.c\n", "abc\n")).toBe(false);
});

test("… stands for anything in its line and, alone, for any lines, none too; not for the lines around it", () => {
  expect(isShown("job …: DONE\n", "job 0195: DONE\n")).toBe(true);
  expect(isShown("job …: DONE\n", "job 0195\nx: DONE\n")).toBe(false);
  expect(isShown("a\n…\nb\n", "a\n1\n2\nb\n")).toBe(true);
  expect(isShown("a\n…\nb\n", "a\nb\n")).toBe(true);
  expect(isShown("a\n…\nb\n", "a\n1\nc\n")).toBe(false);
});

test("blanks at the end of a line and empty lines around the whole do not count", () => {
  expect(isShown("a\n", "\na  \n\n")).toBe(true);
});
