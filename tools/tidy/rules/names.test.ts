import { expect, test } from "bun:test";
import { objections } from "../testing/fixture.ts";
import { names } from "./names.ts";

test("camelCase, snake_case and capitals are refused, in folders too", async () => {
  const found = await objections(names, {
    "src/jobRunner.ts": "",
    "src/job_runner.ts": "",
    "Src/job-runner.ts": "",
    "docs/Guide.md": "",
  });
  expect(found).toEqual([
    'Src/job-runner.ts:1 "Src" is not kebab-case',
    'docs/Guide.md:1 "Guide.md" is not kebab-case',
    'src/jobRunner.ts:1 "jobRunner.ts" is not kebab-case',
    'src/job_runner.ts:1 "job_runner.ts" is not kebab-case',
  ]);
});

test("source files with a name that says nothing are refused", async () => {
  const found = await objections(names, {
    "src/string-utils.ts": "",
    "common/a.ts": "",
    "src/job-manager.test.ts": "",
  });
  expect(found).toEqual([
    'common/a.ts:1 "common" does not say what is in it',
    'src/job-manager.test.ts:1 "manager" does not say what is in it',
    'src/string-utils.ts:1 "utils" does not say what is in it',
  ]);
});

test("names that others look for, and an example about a manager, pass", async () => {
  const files = {
    "README.md": "",
    ".npmrc": "",
    ".ci/run": "",
    "package-lock.json": "{}",
    "examples/manager.yaml": "",
  };
  expect(await objections(names, files)).toEqual([]);
});
