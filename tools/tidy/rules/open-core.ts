import type { Rule } from "../finding.ts";
import { searchText } from "./search-text.ts";

/**
 * Words of the proprietary layer above Coop, each cut in two so that this file stays clean of them. The open core is
 * whole without that layer and knows nothing of it: no type, no path, no name.
 */
const WORDS: readonly string[] = [
  "esc" + "row",
  "coop[-_ ]" + "market",
  "list" + "[-_ ]?specs?",
  "bid" + "[-_ ]?specs?",
  "order[-_ ]?" + "books?",
  "(?:type|interface|class) (?:List" + "ing|B" + "id)\\w*",
];

const PATTERN = new RegExp(`\\b(?:${WORDS.join("|")})\\b`, "gi");

/** No word of the proprietary layer in any tracked file or its path. */
export const openCore: Rule = {
  name: "open-core",
  check: (tree) => [
    ...searchText(tree, PATTERN).map(({ path, line, found }) => ({ path, line, ...objection(found) })),
    ...[...tree.files.keys()].flatMap((path) =>
      (path.match(PATTERN) ?? []).map((found) => ({ path, line: 1, ...objection(found) })),
    ),
  ],
};

function objection(found: string): { readonly message: string; readonly fix: string } {
  return {
    message: `"${found}" is a word of the proprietary layer`,
    fix: "leave it there: the open core knows nothing of it",
  };
}
