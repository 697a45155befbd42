import { readFileSync } from "node:fs";
import { join } from "node:path";
import { listFiles } from "./list-files.ts";
import { parseSources } from "./parse-sources.ts";
import type { SourceFacts } from "./source-facts.ts";

/** A file whose text is read; larger ones are listed but not searched. 2 MiB is far above anything that we write. */
const TEXT_BYTES_MAX = 2 * 1024 * 1024;

/** One file of the repository. `text` is undefined for binary and for very large files. */
export interface TreeFile {
  readonly path: string;
  readonly text: string | undefined;
}

/** The repository as the rules see it: read once, parsed once. */
export interface Tree {
  readonly root: string;
  /** Every file that is tracked, or would be with `git add -A`; by path. */
  readonly files: ReadonlyMap<string, TreeFile>;
  /** What the TypeScript and JavaScript files import, export and measure; by path. */
  readonly sources: ReadonlyMap<string, SourceFacts>;
}

/** Reads and parses the repository below `root`; half a second for ours. */
export async function readTree(root: string): Promise<Tree> {
  const files = new Map(listFiles(root).map((path) => [path, { path, text: readText(join(root, path)) }]));
  return { root, files, sources: await parseSources(root, [...files.keys()].filter(isSource)) };
}

/** TypeScript or JavaScript. */
export function isSource(path: string): boolean {
  return /\.(?:ts|tsx|mts|mjs|js)$/.test(path);
}

/** A test, a bench, or something that only they and proofs use; product rules don't bind it. */
export function isTest(path: string): boolean {
  return /\.test\.tsx?$/.test(path) || /\/(?:testing|proof|bench|e2e)\//.test(path) || path.startsWith("tools/");
}

/** The package that a file lies in, or undefined outside `packages/`. */
export function packageOf(path: string): string | undefined {
  return /^packages\/([^/]+)\//.exec(path)?.[1];
}

/** The 1-based line of an offset. */
export function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split("\n").length;
}

function readText(path: string): string | undefined {
  const bytes = readFileSync(path);
  return bytes.length > TEXT_BYTES_MAX || bytes.includes(0) ? undefined : bytes.toString("utf8");
}
