import type { Rule } from "../finding.ts";
import { isTest, packageOf } from "../tree/tree.ts";

/** The only files of the packages that may read the environment. */
const READERS: readonly string[] = ["packages/coopd/src/config.ts", "packages/coop-cli/src/environment.ts"];

/**
 * Reads of another kind, counted exactly: the attack plants a decoy in the daemon's own environment and takes it away again,
 * and a launch with that wall taken away, which only a test can have, hands the environment on.
 */
const ALLOWED_READS: Readonly<Record<string, number>> = {
  "packages/coopd-sandbox/src/attack/decoys.ts": 2,
  "packages/coopd-sandbox/src/run/launch.ts": 1,
};

/** One file of each program reads the environment; everything else is told. Tests and tools are free. */
export const environment: Rule = {
  name: "environment",
  check: (tree) =>
    [...tree.sources]
      .filter(([path]) => packageOf(path) !== undefined && !isTest(path) && !READERS.includes(path))
      .filter(([path, { environmentReads }]) => environmentReads.length !== (ALLOWED_READS[path] ?? 0))
      .flatMap(([path, { environmentReads }]) =>
        environmentReads.map((line) => ({
          path,
          line,
          message: "reads the environment",
          fix: `take it as an argument; ${READERS.join(" and ")} read it`,
        })),
      ),
};
