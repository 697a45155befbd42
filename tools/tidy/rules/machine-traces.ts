import type { Finding, Rule } from "../finding.ts";
import type { Tree } from "../tree/tree.ts";
import { searchText } from "./search-text.ts";

/** Public registries, put together so that this file does not name them. */
const REGISTRY_HOSTS: readonly string[] = [
  ["registry", "npmjs", "org"],
  ["registry", "yarnpkg", "com"],
  ["npm", "pkg", "github", "com"],
  ["deb", "debian", "org"],
].map((labels) => labels.join("."));
/** Where a mirror usually is. */
const MIRROR_HOSTS = ["artifactory", "jfrog", "nexus", "verdaccio"].map(
  (word) => `[\\w-]*\\.?${word}[\\w-]*\\.[a-z.]{2,}`,
);
/**
 * What people keep at home. `/home/NAME` alone is also where a hen lives inside its sandbox; and tests make homes up.
 */
const HOME_PATHS = [
  "/Users/\\w+/",
  "/home/\\w+/(?:\\.ssh|\\.npm|\\.cache|\\.config|code|projects|src|work)\\b",
  "/root/\\.(?:npm|cache|bun)\\b",
];

const REGISTRY = { message: "names a package registry", fix: "leave it to each machine's own settings" };
const MIRROR = { message: "names a package mirror", fix: "leave it to each machine's own settings" };
const PATH = { message: "names a path of one machine", fix: "make it relative" };

/** No tracked file names where this machine gets its packages, or where on it somebody works. */
export const machineTraces: Rule = {
  name: "machine-traces",
  check: (tree) => [
    ...find(tree, REGISTRY_HOSTS.map(toPattern), REGISTRY),
    ...find(tree, MIRROR_HOSTS, MIRROR),
    ...find(tree, HOME_PATHS, PATH, (path) => !path.includes(".test.")),
    ...find(tree, [`${toPattern(tree.root)}(?![\\w.-])`], PATH),
  ],
};

function find(
  tree: Tree,
  patterns: readonly string[],
  { message, fix }: Pick<Finding, "message" | "fix">,
  accepts?: (path: string) => boolean,
): readonly Finding[] {
  const hits = searchText(tree, new RegExp(patterns.join("|"), "g"), accepts);
  return hits.map(({ path, line, found }) => ({ path, line, message: `${message}: ${found}`, fix }));
}

function toPattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
