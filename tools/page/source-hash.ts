import { createHash } from "node:crypto";
import { join } from "node:path";

/** Where the build goes, from the root. */
export const PAGE_DIST = "packages/farm-ui/dist";
/** Beside the table: of what the build was made. */
const STAMP = "sources.sha256";
/** Everything that the page is made of; the lockfile stands for its libraries. */
const SOURCES: readonly string[] = [
  "packages/{farm-ui,coop-client,coopd-core}/src/**/*.{ts,tsx,css,svg}",
  "packages/{farm-ui,coop-client,coopd-core}/package.json",
  "examples/**/*.yaml",
  "tools/page/*.ts",
  "package-lock.json",
];

/** A hash over the page's sources; 30 ms for ours. */
export async function hashSources(root: string): Promise<string> {
  const found = await Promise.all(SOURCES.map((pattern) => Array.fromAsync(new Bun.Glob(pattern).scan(root))));
  const paths = found
    .flat()
    .filter((path) => !/\.test\.tsx?$/.test(path))
    .sort();
  const hash = createHash("sha256");
  for (const path of paths) hash.update(`${path}\0`).update(await Bun.file(join(root, path)).bytes());
  return hash.digest("hex");
}

/** Whether what lies in the folder of the build was made of the sources as they are. */
export async function isFresh(root: string): Promise<boolean> {
  const stamp = Bun.file(join(root, PAGE_DIST, STAMP));
  const table = Bun.file(join(root, PAGE_DIST, "page-table.js"));
  return (await stamp.exists()) && (await table.exists()) && (await stamp.text()) === (await hashSources(root));
}

/** Notes of what the build was made; the last thing that a build does. */
export async function writeStamp(root: string, hash: string): Promise<void> {
  await Bun.write(join(root, PAGE_DIST, STAMP), hash);
}
