import { rmSync } from "node:fs";
import { parseArgs } from "node:util";
import { runModel } from "../src/testing/model/model-run.ts";
import { makeTempDir } from "../src/testing/temp-store.ts";

// `bun proof/model.ts [--ops 100000] [--seed N]`: the model-based test of the Store at full count. Prints its progress, and at
// the end `N passed, N failed`; exit code 1 when something differed.
const { values } = parseArgs({ options: { ops: { type: "string", default: "100000" }, seed: { type: "string" } } });
const calls = Number(values.ops);
const seed = Number(values.seed ?? 1 + Math.floor(Math.random() * 1e9));
const progressEvery = Math.max(1_000, Math.floor(calls / 20));

const dataDir = makeTempDir();
process.stdout.write(`seed ${seed}, ${calls} operations\n`);
let told = 0;
const report = await runModel({
  calls,
  seed,
  dataDir,
  onProgress: ({ passed, refused, kills, reopens, comparisons }) => {
    if (passed - told < progressEvery) return;
    told = passed;
    process.stdout.write(
      `${passed} operations, ${refused} of them refused as they should, ${kills} kills, ${reopens} restarts, ${comparisons} full comparisons\n`,
    );
  },
});
if (report.fault !== undefined) process.stdout.write(`${report.fault}\nthe store is kept in ${dataDir}\n`);
else rmSync(dataDir, { recursive: true });
process.stdout.write(`${report.passed + report.reads} passed, ${report.fault === undefined ? 0 : 1} failed\n`);
process.exitCode = report.fault === undefined ? 0 : 1;
