import { expect, test } from "bun:test";
import { rmSync } from "node:fs";
import { WRITE_NAMES } from "../../calls/names.ts";
import { makeTempDir } from "../temp-store.ts";
import { runModel } from "./model-run.ts";
import { CALLS } from "./oracle.ts";

const COUNT = 3_000;
const SEED = 20_260_101;

/** What it removes depends on a bound on rows of tables, which an oracle has none of; it has tests of its own. */
const NOT_MODELLED: readonly string[] = ["prune"];

test("the oracle knows every operation that writes", () => {
  const wanted = WRITE_NAMES.filter((name) => !NOT_MODELLED.includes(name));
  expect(Object.keys(CALLS).sort()).toEqual([...wanted].sort());
});

test("the store does what the oracle does, over kills and restarts", async () => {
  const dataDir = makeTempDir();
  const report = await runModel({ calls: COUNT, seed: SEED, dataDir });
  process.stdout.write(`model: seed ${SEED}, ${JSON.stringify(report)}\n`);
  expect(report.fault).toBeUndefined();
  expect(report.passed).toBeGreaterThanOrEqual(COUNT);
  expect(report.kills).toBeGreaterThan(0);
  rmSync(dataDir, { recursive: true });
}, 120_000);
