import type { Rule } from "../finding.ts";
import { isTest, packageOf } from "../tree/tree.ts";

/** Packages never write to the console: the daemon has its log, the command line its output, and both are injected. */
export const consoleUse: Rule = {
  name: "console",
  check: (tree) =>
    [...tree.sources]
      .filter(([path]) => packageOf(path) !== undefined && !isTest(path))
      .flatMap(([path, { consoleUses }]) =>
        consoleUses.map((line) => ({
          path,
          line,
          message: "uses console",
          fix: "write to the log or the output it is given",
        })),
      ),
};
