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
/** Home directories of people; `/home/NAME` is also where a hen lives inside its sandbox, so only with what people keep there. */
const HOME_PATHS = [
  "/Users/\\w+/",
  "/home/\\w+/(?:\\.ssh|\\.npm|\\.cache|\\.config|code|projects|src|work)\\b",
  "/root/\\.(?:npm|cache|bun)\\b",
];

/** No tracked file names where this machine gets its packages, or where on it somebody works. */
export const machineTraces: Rule = {
  name: "machine-traces",
  check: (tree) => [
    ...find(tree, REGISTRY_HOSTS.map(toPattern), "names a package registry", "leave it to each machine's own settings"),
    ...find(tree, MIRROR_HOSTS, "names a package mirror", "leave it to each machine's own settings"),
    ...find(
      tree,
      [...HOME_PATHS, `${toPattern(tree.root)}(?![\\w.-])`],
      "names a path of one machine",
      "make it relative",
    ),
  ],
};

function find(tree: Tree, patterns: readonly string[], message: string, fix: string): readonly Finding[] {
  const hits = searchText(tree, new RegExp(patterns.join("|"), "g"));
  return hits.map(({ path, line, found }) => ({ path, line, message: `${message}: ${found}`, fix }));
}

function toPattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
