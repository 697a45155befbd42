import type { Rule } from "../finding.ts";
import { isTest, packageOf } from "../tree/tree.ts";

/** No default exports; and whatever a package's file exports says what it promises. */
export const exports: Rule = {
  name: "exports",
  check: (tree) =>
    [...tree.sources].flatMap(([path, facts]) => [
      ...facts.defaultExports.map((line) => ({
        path,
        line,
        message: "has a default export",
        fix: "export it by its name, so that one thing has one name",
      })),
      ...facts.exports
        .filter(({ hasDoc }) => !hasDoc && packageOf(path) !== undefined && !isTest(path))
        .map(({ name, line }) => ({
          path,
          line,
          message: `exports ${name} without a doc comment`,
          fix: "say what it promises, its units, its errors, who closes it",
        })),
    ]),
};
