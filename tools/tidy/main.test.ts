import { expect, test } from "bun:test";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { RULES } from "./rules.ts";
import { openFixture } from "./testing/fixture.ts";

const MAIN = join(import.meta.dir, "main.ts");

test("a finding is one line with place, rule, message and fix, and the exit code is 1", () => {
  using fixture = openFixture({ "src/badName.ts": "export default 1;\n" });
  const run = Bun.spawnSync([process.execPath, "--no-env-file", "--config=/dev/null", MAIN, fixture.root]);
  const lines = run.stdout.toString().trimEnd().split("\n");
  expect(lines).toContain(
    'src/badName.ts:1 names "badName.ts" is not kebab-case — rename it: whole words, lower case, -',
  );
  expect(lines.at(-1)).toMatch(new RegExp(`^tidy: ${RULES.length} rules, 1 files, \\d+ findings$`));
  expect(run.exitCode).toBe(1);
});

test("every rule is in the list and has a test with a seeded violation", () => {
  const files = readdirSync(join(import.meta.dir, "rules"));
  const tested = files.filter((name) => name.endsWith(".test.ts")).map((name) => name.replace(".test.ts", ""));
  expect(tested.sort()).toEqual(RULES.map(({ name }) => name).sort());
});
