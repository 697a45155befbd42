import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { Suite } from "./suite.ts";

const BUN = [process.execPath, "--no-env-file", "--config=/dev/null"];

/** What is judged without running anything of Coop: types, format and lint, the rules of the house. */
export const STATIC_SUITES: readonly Suite[] = [
  { kind: "program", name: "types", command: ["node_modules/.bin/tsc", "-b"] },
  {
    kind: "program",
    name: "format and lint",
    command: ["node_modules/.bin/biome", "ci", "--colors=off", "--error-on-warnings"],
  },
  { kind: "program", name: "tidy", command: [...BUN, "tools/tidy/main.ts"] },
  { kind: "program", name: "openapi", command: [...BUN, "tools/openapi/main.ts", "--check"] },
  { kind: "program", name: "docs", command: [...BUN, "tools/docs/main.ts", "--check"] },
];

/** Tests that need no daemon, no sandbox and no disk to speak of: seconds. */
export const QUICK_SUITES: readonly Suite[] = [
  { kind: "tests", name: "coopd-core", paths: ["./packages/coopd-core/"] },
  {
    kind: "tests",
    name: "tools",
    paths: ["boot", "docs", "openapi", "pack", "proof", "ship", "suites", "tidy"].map((name) => `./tools/${name}/`),
  },
];

/** The daemon killed at every named point and at a few random moments; `npm run proof` does it at full count. */
export const CRASH_SUITE: Suite = {
  kind: "program",
  name: "crashes",
  command: [...BUN, "tools/proof/crash/main.ts", "--kills", "15", "--hens", "8", "--points", "--disk"],
};

/** Pages whose tests take a minute or more together, so that no suite comes near its deadline of 480 s. */
const PAGE_PARTS: Readonly<Record<string, RegExp>> = {
  "page of a hen": /\/(?:hen|raise|vault)[a-z-]*\.test\.ts$/,
  "page of jobs": /\/(?:event|job|task)[a-z-]*\.test\.ts$/,
  "page of terminals": /\/(?:terminal|setting)[a-z-]*\.test\.ts$/,
};

/** Both programs as a user starts them, and the page in a browser; then whoever reads the documentation, and whoever knows only the contract. */
export const END_TO_END_SUITES: readonly Suite[] = [
  { kind: "tests", name: "end to end", paths: endToEndTests() },
  ...pageSuites(),
  { kind: "tests", name: "reading", paths: ["./tools/reading/"] },
  { kind: "tests", name: "conformance", paths: ["./tools/conformance/"] },
];

/** One suite for each package that has tests, in the order of the alphabet. */
export function packageSuites(root: string): readonly Suite[] {
  return readdirSync(join(root, "packages"))
    .sort()
    .filter((name) => hasTests(join(root, "packages", name)))
    .map((name) => ({ kind: "tests", name, paths: [`./packages/${name}/`] }));
}

function hasTests(folder: string): boolean {
  return [...new Bun.Glob("{src,e2e}/**/*.test.{ts,tsx}").scanSync(folder)].length > 0;
}

/** The page in a browser, by what it shows; a test that belongs to none of the parts belongs to the frame. */
function pageSuites(): readonly Suite[] {
  const left = new Set(testsBelow("tools/e2e/page"));
  const parts = Object.entries(PAGE_PARTS).map(([name, pattern]): Suite => {
    const paths = [...left].filter((path) => pattern.test(path));
    for (const path of paths) left.delete(path);
    return { kind: "tests", name, paths };
  });
  return [{ kind: "tests", name: "page", paths: [...left] }, ...parts];
}

/** Everything below tools/e2e but the page, which needs a browser and has a deadline of its own. */
function endToEndTests(): readonly string[] {
  return testsBelow("tools/e2e").filter((path) => !path.startsWith("./tools/e2e/page/"));
}

function testsBelow(folder: string): readonly string[] {
  const found = [...new Bun.Glob(`${folder}/**/*.test.ts`).scanSync(join(import.meta.dir, "../.."))];
  return found.sort().map((path) => `./${path}`);
}
