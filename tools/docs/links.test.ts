import { expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { findBrokenLinks, findUnlistedPages } from "./links.ts";
import { readPages } from "./read-pages.ts";

function judge(files: Readonly<Record<string, string>>) {
  const root = mkdtempSync(join(tmpdir(), "coop-links-"));
  try {
    for (const [path, text] of Object.entries({ "README.md": "", "docs/README.md": "", ...files })) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
    const pages = readPages(root);
    return { broken: findBrokenLinks(root, pages), unlisted: findUnlistedPages(pages) };
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

test("a link to a file or a heading that is not there is told with its place", () => {
  const { broken } = judge({
    "docs/a.md": "[x](b.md)\n[x](#no)\n[x](../LICENSE#no)\n[x](../docs/README.md#no)\n",
    LICENSE: "",
  });
  expect(broken).toEqual([
    "docs/a.md:1 links to b.md, which is not there",
    "docs/a.md:2 links to #no, a heading that docs/a.md does not have",
    "docs/a.md:3 links to ../LICENSE#no; only pages have anchors",
    "docs/a.md:4 links to ../docs/README.md#no, a heading that docs/README.md does not have",
  ]);
});

test("files, folders and headings that are there are found", () => {
  const { broken } = judge({
    "docs/a.md": "# One two\n[x](#one-two) [x](a.md#one-two) [x](../docs) [x](../README.md)\n",
  });
  expect(broken).toEqual([]);
});

test("a page that the index does not lead to is told", () => {
  const { unlisted } = judge({ "docs/README.md": "[a](a.md#x)", "docs/a.md": "", "docs/b.md": "" });
  expect(unlisted).toEqual(["docs/README.md does not lead to docs/b.md"]);
});
