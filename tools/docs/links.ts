import { existsSync, readFileSync, statSync } from "node:fs";
import { join, posix } from "node:path";
import { type Page, parsePage } from "./page.ts";

/** One line for each link that leads nowhere: to a file that is not there, or to a heading that its page does not have. */
export function findBrokenLinks(root: string, pages: readonly Page[]): readonly string[] {
  const anchors = new Map(pages.map((page) => [page.path, page.anchors]));
  const anchorsOf = (path: string) => {
    const known = anchors.get(path) ?? parsePage(path, readFileSync(join(root, path), "utf8")).anchors;
    anchors.set(path, known);
    return known;
  };
  return pages.flatMap((page) =>
    page.links.flatMap(({ target, line }) => {
      const [file = "", anchor] = target.split("#");
      const path = file === "" ? page.path : posix.join(posix.dirname(page.path), file);
      const place = `${page.path}:${line} links to ${target}`;
      if (!existsSync(join(root, path))) return [`${place}, which is not there`];
      if (anchor === undefined) return [];
      if (statSync(join(root, path)).isDirectory() || !path.endsWith(".md"))
        return [`${place}; only pages have anchors`];
      return anchorsOf(path).has(anchor) ? [] : [`${place}, a heading that ${path} does not have`];
    }),
  );
}

/** One line for each page of docs/ that the index does not name, or that no other page leads to. */
export function findUnlistedPages(pages: readonly Page[]): readonly string[] {
  const index = pages.find(({ path }) => path === "docs/README.md");
  const listed = new Set(index?.links.map(({ target }) => posix.join("docs", target.split("#")[0] ?? "")));
  return pages
    .filter(({ path }) => path.startsWith("docs/") && path !== "docs/README.md" && !listed.has(path))
    .map(({ path }) => `docs/README.md does not lead to ${path}`);
}
