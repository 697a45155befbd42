import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Page, parsePage } from "./page.ts";

/** Pages that are written by a program or say what was; no reader follows them step by step. */
const NOT_FOLLOWED = new Set(["docs/results.md", "docs/bench.md"]);

/** README.md and every page of docs/, in the order of their names. @throws Error where one cannot be read as a page */
export function readPages(root: string): readonly Page[] {
  const names = readdirSync(join(root, "docs")).filter((name) => name.endsWith(".md"));
  return ["README.md", ...names.sort().map((name) => `docs/${name}`)].map((path) =>
    parsePage(path, readFileSync(join(root, path), "utf8")),
  );
}

/** Those of them whose blocks are run. */
export function isFollowed({ path }: Page): boolean {
  return !NOT_FOLLOWED.has(path);
}
