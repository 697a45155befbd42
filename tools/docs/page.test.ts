import { expect, test } from "bun:test";
import { parsePage } from "./page.ts";

const read = (...lines: readonly string[]) => parsePage("docs/x.md", lines.join("\n"));

test("a block that is never closed and an attribute that is none name their line", () => {
  expect(() => read("a", "```sh", "ls")).toThrow("docs/x.md:2: the block is never closed");
  expect(() => read("```sh EXIT!", "```")).toThrow('docs/x.md:1: "EXIT!" is no attribute');
});

test("a block has its language, its attributes, its text and its line, in a list too", () => {
  const { blocks } = read(
    "1. first:",
    "",
    '   ```sh skip="needs a key" exit=3 daemon',
    "   coop farm",
    "     --x",
    "   ```",
  );
  const [block] = blocks;
  expect([block?.language, block?.text, block?.line]).toEqual(["sh", "coop farm\n  --x\n", 3]);
  expect([...(block?.attributes ?? [])]).toEqual([
    ["skip", "needs a key"],
    ["exit", "3"],
    ["daemon", "true"],
  ]);
});

test("headings become the anchors that GitHub makes of them; those in blocks are none", () => {
  const { anchors } = read(
    "# The API",
    "## `coop job run HEN`, in short",
    "## Twice",
    "## Twice",
    "```sh",
    "# no",
    "```",
  );
  expect([...anchors]).toEqual(["the-api", "coop-job-run-hen-in-short", "twice", "twice-1"]);
});

test("links to this repository are found; addresses, code and blocks are not looked at", () => {
  const page = read(
    "[a](b.md#c) [x](https://example.org) `[no](no.md)`",
    "```text",
    "[no](no.md)",
    "```",
    "![p](p.svg)",
  );
  expect(page.links).toEqual([
    { target: "b.md#c", line: 1 },
    { target: "p.svg", line: 5 },
  ]);
  expect(page.code).toEqual([{ text: "[no](no.md)", line: 1 }]);
});

test("code without a fence is found, a list's second line is not taken for it", () => {
  expect(read("Do:", "", "    npm start", "", "- one", "", "      more of one").indentedCode).toEqual([3]);
});
