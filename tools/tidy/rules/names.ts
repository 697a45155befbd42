import type { Finding, Rule } from "../finding.ts";
import { isSource, type Tree } from "../tree/tree.ts";

/** kebab-case, with as many endings as a file likes: `import-circles.test.ts`. */
const KEBAB = /^[a-z0-9]+(?:-[a-z0-9]+)*(?:\.[a-z0-9]+(?:-[a-z0-9]+)*)*$/;
/** Names that others look for in exactly this spelling. */
const GIVEN_NAMES = /^(?:\..+|[A-Z]+(?:\.md)?|Dockerfile|Makefile|package-lock\.json|__snapshots__)$/;
/** Words that say nothing about what a file holds. */
const EMPTY_WORDS = new Set(["util", "utils", "helper", "helpers", "common", "misc", "manager", "managers"]);

/** Files and folders are kebab-case and named for their subject. */
export const names: Rule = {
  name: "names",
  check: (tree) => [...tree.files.keys()].flatMap((path) => [...judgeSpelling(path), ...judgeSubject(path, tree)]),
};

function judgeSpelling(path: string): readonly Finding[] {
  return path
    .split("/")
    .filter((name) => !KEBAB.test(name) && !GIVEN_NAMES.test(name))
    .map((name) => ({
      path,
      line: 1,
      message: `"${name}" is not kebab-case`,
      fix: "rename it: whole words, lower case, -",
    }));
}

/** Only source files: an example or a fixture may well be about a manager. */
function judgeSubject(path: string, tree: Tree): readonly Finding[] {
  if (!isSource(path) || !tree.sources.has(path)) return [];
  const word = path.split(/[/.-]/).find((part) => EMPTY_WORDS.has(part));
  if (word === undefined) return [];
  return [{ path, line: 1, message: `"${word}" does not say what is in it`, fix: "name it for its subject" }];
}
