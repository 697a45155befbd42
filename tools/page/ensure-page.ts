import { buildPage, type PageBuild } from "./build-page.ts";
import { isFresh } from "./source-hash.ts";

let ensured: Promise<PageBuild | undefined> | undefined;

/** Builds the page where its sources have changed since it was built; once in a process. Undefined when it was as it should be. */
export function ensurePage(root: string): Promise<PageBuild | undefined> {
  ensured ??= isFresh(root).then((isBuilt) => (isBuilt ? undefined : buildPage(root)));
  return ensured;
}
