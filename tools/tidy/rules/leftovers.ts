import type { Rule } from "../finding.ts";
import { searchText } from "./search-text.ts";

/** The words are put together here so that the rule does not find itself. */
const MARKS = new RegExp(
  `\\b(?:${["TO", "FIX", "XX"].map((start, at) => start + ["DO", "ME", "X"][at]).join("|")})\\b`,
  "g",
);

/** Nothing is left for later in the code: what is open is an issue, or a line in docs/limits.md. */
export const leftovers: Rule = {
  name: "leftovers",
  check: (tree) =>
    searchText(tree, MARKS).map(({ path, line, found }) => ({
      path,
      line,
      message: `has a ${found}`,
      fix: "do it, or write it down as an issue or in docs/limits.md",
    })),
};
