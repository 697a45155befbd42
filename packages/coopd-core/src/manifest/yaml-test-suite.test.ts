import { expect, test } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import { CoopError } from "../errors/coop-error.ts";
import { createFaultList } from "./faults.ts";
import { parseManifest } from "./parse.ts";
import { readFree } from "./read/free.ts";
import { createReading } from "./read/reading.ts";
import { checkSource } from "./source/text.ts";
import { parseTree } from "./source/tree.ts";

/** yaml/yaml-test-suite, as it lies beside the repository (fixtures/README.md). */
const SUITE = `${import.meta.dir}/../../../../../shared/fixtures/yaml/yaml-test-suite.json`;

interface Row {
  readonly id: string;
  readonly name: string;
  readonly yaml: string;
  /** The suite says that this is not YAML. */
  readonly fail: boolean;
  /** What it means; null where JSON cannot say it, several values for several documents. */
  readonly json: string | null;
}

const rows = existsSync(SUITE) ? (JSON.parse(readFileSync(SUITE, "utf8")) as { rows: readonly Row[] }).rows : [];
const skips = rows.length === 0;
if (skips) console.warn("SKIP 2 tests of the YAML test suite: ../shared/fixtures/yaml is not there");

test.skipIf(skips)("each document of the YAML test suite, posted as a manifest, gets a typed refusal", () => {
  for (const row of rows) {
    let thrown: unknown;
    try {
      parseManifest(row.yaml);
    } catch (error) {
      thrown = error;
    }
    expect(`${row.id} ${thrown instanceof CoopError ? thrown.code : String(thrown)}`).toBe(
      `${row.id} manifest_invalid`,
    );
  }
  expect(rows).toHaveLength(406);
});

/** What we refuse on purpose: tags, several documents, keys that are no text, odd directives, nothing at all. */
const REFUSED_ON_PURPOSE =
  /Unresolved tag|second document|as a key|without a key|directive|YAML version|is empty|ambiguous/;

test.skipIf(skips)("what the YAML test suite calls no YAML is refused, and all the rest means what it says", () => {
  const read = { equal: 0, refusedOnPurpose: 0, refused: 0, withoutJson: 0 };
  for (const row of rows) {
    const faults = createFaultList();
    const tree = checkSource(row.yaml, faults) ? parseTree(row.yaml, faults) : undefined;
    const reading = createReading(faults);
    const value = tree === undefined ? undefined : readFree(tree, "", 1, reading);
    if (row.fail) {
      expect(`${row.id} ${faults.count > 0}`).toBe(`${row.id} true`);
      read.refused += 1;
    } else if (faults.count > 0) {
      expect(`${row.id} ${faults.sorted()[0]?.message}`).toMatch(REFUSED_ON_PURPOSE);
      read.refusedOnPurpose += 1;
    } else if (row.json === null) {
      read.withoutJson += 1;
    } else {
      expect({ id: row.id, value }).toEqual({ id: row.id, value: JSON.parse(row.json) });
      read.equal += 1;
    }
  }
  expect(read).toEqual({ equal: 223, refusedOnPurpose: 84, refused: 94, withoutJson: 5 });
});
