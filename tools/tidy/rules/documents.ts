import { posix } from "node:path";
import type { Finding, Rule } from "../finding.ts";
import { LAYERS } from "../layers.ts";
import { lineAt, type Tree } from "../tree/tree.ts";

/** What a newcomer, a user and a lawyer look for at the root. */
const ROOT_DOCUMENTS: readonly string[] = [
  "README.md",
  "AGENTS.md",
  "CHANGELOG.md",
  "CONTRIBUTING.md",
  "DECISIONS.md",
  "LICENSE",
  "NOTICE",
  "SECURITY.md",
];
/** AGENTS.md is read whole before anything else; longer and it is not. */
const AGENTS_LINES_MAX = 80;
const PLAN = "docs/architecture.md";

/** The documents are there, name every package, and point at files that exist. */
export const documents: Rule = {
  name: "documents",
  check: (tree) => [...checkPresence(tree), ...checkAgents(tree), ...checkPlan(tree), ...checkLinks(tree)],
};

function checkPresence(tree: Tree): readonly Finding[] {
  return [...ROOT_DOCUMENTS, PLAN]
    .filter((path) => !tree.files.has(path))
    .map((path) => ({ path, line: 1, message: "is missing", fix: "write it" }));
}

function checkAgents(tree: Tree): readonly Finding[] {
  const lines = (tree.files.get("AGENTS.md")?.text ?? "").trimEnd().split("\n").length;
  if (lines <= AGENTS_LINES_MAX) return [];
  const message = `has ${lines} lines, ${AGENTS_LINES_MAX} are allowed`;
  return [{ path: "AGENTS.md", line: AGENTS_LINES_MAX + 1, message, fix: "move the rest to docs/" }];
}

function checkPlan(tree: Tree): readonly Finding[] {
  const text = tree.files.get(PLAN)?.text;
  if (text === undefined) return [];
  return Object.keys(LAYERS)
    .filter((name) => !text.includes(`\`${name}\``))
    .map((name) => ({ path: PLAN, line: 1, message: `does not mention \`${name}\``, fix: "say what it is" }));
}

/** Relative links of our Markdown files; addresses and anchors are not looked at. */
function checkLinks(tree: Tree): readonly Finding[] {
  const folders = new Set(
    [...tree.files.keys()].flatMap((path) => path.split("/").map((_, at, parts) => parts.slice(0, at).join("/"))),
  );
  return [...tree.files.values()]
    .filter(({ path }) => path.endsWith(".md"))
    .flatMap(({ path, text = "" }) =>
      [...text.matchAll(/\]\((?![a-z]+:|#)([^)#\s]+)[^)]*\)/g)].flatMap(({ 1: target = "", index }) => {
        const aim = posix.join(posix.dirname(path), target).replace(/\/$/, "");
        if (tree.files.has(aim) || folders.has(aim)) return [];
        return [
          { path, line: lineAt(text, index), message: `links to ${target}, which is not there`, fix: "mend the link" },
        ];
      }),
    );
}
