import { afterEach, beforeEach, expect, test } from "bun:test";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { listFiles } from "./list-files.ts";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "coop-tidy-list-"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

test("a .gitignore with a line of another kind is refused", () => {
  writeFileSync(join(root, ".gitignore"), "a/b/\n");
  expect(() => listFiles(root)).toThrow("a/b/");
});

test("without git, the repository's own .gitignore is understood", () => {
  copyFileSync(join(import.meta.dir, "../../../.gitignore"), join(root, ".gitignore"));
  mkdirSync(join(root, "node_modules"));
  for (const path of ["kept.ts", "node_modules/left-out.ts", "left-out.log"]) writeFileSync(join(root, path), "");
  expect(listFiles(root)).toEqual([".gitignore", "kept.ts"]);
});
