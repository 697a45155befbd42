import type { Rule } from "../finding.ts";
import { isTest, packageOf } from "../tree/tree.ts";

/** The only files of the packages that may read the environment. */
const READERS: readonly string[] = ["packages/coopd/src/config.ts", "packages/coop-cli/src/environment.ts"];

/** One file of each program reads the environment; everything else is told. Tests and tools are free. */
export const environment: Rule = {
  name: "environment",
  check: (tree) =>
    [...tree.sources]
      .filter(([path]) => packageOf(path) !== undefined && !isTest(path) && !READERS.includes(path))
      .flatMap(([path, { environmentReads }]) =>
        environmentReads.map((line) => ({
          path,
          line,
          message: "reads the environment",
          fix: `take it as an argument; ${READERS.join(" and ")} read it`,
        })),
      ),
};
