import { expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const FOLDER = join(import.meta.dir, "../../.github/workflows");
const names = readdirSync(FOLDER).sort();

interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions: unknown;
  readonly jobs: Readonly<Record<string, { readonly "timeout-minutes"?: number; readonly permissions?: object }>>;
}

test("there are some", () => {
  expect(names).toEqual(["check.yml", "release.yml"]);
});

for (const name of names) {
  const text = readFileSync(join(FOLDER, name), "utf8");
  const workflow = Bun.YAML.parse(text) as Workflow;

  test(`${name}: actions are named by commit, with the version beside it`, () => {
    const uses = text.split("\n").filter((line) => /\buses:/.test(line));
    expect(uses.length).toBeGreaterThan(0);
    for (const line of uses) expect(line).toMatch(/uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  test(`${name}: it may only read, but for the one job that makes a draft, and every job has an end`, () => {
    expect(workflow.permissions).toEqual({ contents: "read" });
    expect(Object.keys(workflow.on)).not.toContain("pull_request_target");
    for (const [job, { permissions, "timeout-minutes": minutes }] of Object.entries(workflow.jobs)) {
      expect([job, permissions]).toEqual([job, job === "draft" ? { contents: "write" } : undefined]);
      expect(minutes).toBeGreaterThan(0);
    }
  });

  test(`${name}: no script has a value of the event written into it`, () => {
    for (const line of text.split("\n").filter((row) => /\brun:/.test(row))) expect(line).not.toContain("${{");
  });
}
