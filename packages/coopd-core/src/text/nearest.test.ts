import { expect, test } from "bun:test";
import { nearestOf } from "./nearest.ts";

const KNOWN = ["bash", "file_read", "file_write", "http", "delegate"];

test("a word far from all, an empty or an endless one has no nearest", () => {
  for (const word of ["", "quux", "xx", "kubernetes", "x".repeat(65), "x".repeat(1_000_000)]) {
    expect(nearestOf(word, KNOWN)).toBeUndefined();
  }
  expect(nearestOf("bash", [])).toBeUndefined();
});

test("a slip finds its word: left out, added, changed, swapped, in another case", () => {
  const slips = {
    bsh: "bash",
    bashh: "bash",
    basj: "bash",
    bahs: "bash",
    BASH: "bash",
    file_raed: "file_read",
    filewrite: "file_write",
    htp: "http",
    delgeate: "delegate",
  };
  for (const [slip, word] of Object.entries(slips)) expect(nearestOf(slip, KNOWN)).toBe(word);
});

test("the nearer word wins, and of equals the first", () => {
  expect(nearestOf("file_rite", KNOWN)).toBe("file_write");
  expect(nearestOf("ab", ["aa", "bb"])).toBe("aa");
});
