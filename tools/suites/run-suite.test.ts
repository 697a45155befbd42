import { expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { toSuiteEnvironment } from "./environment.ts";
import { runSuite } from "./run-suite.ts";

/** What a suite of one test file comes to. */
async function runFile(text: string) {
  const root = mkdtempSync(join(tmpdir(), "coop-suites-"));
  try {
    writeFileSync(join(root, "a.test.ts"), text);
    return await runSuite(root, { kind: "tests", name: "a", paths: ["./a.test.ts"] });
  } finally {
    rmSync(root, { recursive: true });
  }
}

const HEAD = 'import { expect, test } from "bun:test";\n';

test("a file that does not load fails its suite, though no test of it ran", async () => {
  expect(await runFile(`${HEAD}throw new Error("early");\n`)).toMatchObject({ passed: 0, failed: 1 });
  expect(await runFile("const = 1;\n")).toMatchObject({ passed: 0, failed: 1 });
});

test("a file that ends the process before its tests are done fails its suite", async () => {
  const result = await runFile(`${HEAD}test("a", () => {});\ntest("b", () => process.exit(0));\n`);
  expect(result.failed).toBeGreaterThan(0);
});

test("failed, skipped and passed tests are counted", async () => {
  const text = `${HEAD}test("a", () => {});\ntest.skip("b", () => {});\ntest("c", () => expect(1).toBe(2));\n`;
  const result = await runFile(text);
  expect(result).toMatchObject({ passed: 1, failed: 1, skipped: [{ name: "b", place: "a.test.ts:3" }] });
});

test("a program is one test: its exit code", async () => {
  expect(await runSuite("/", { kind: "program", name: "a", command: ["true"] })).toMatchObject({
    passed: 1,
    failed: 0,
  });
  expect(await runSuite("/", { kind: "program", name: "a", command: ["false"] })).toMatchObject({
    passed: 0,
    failed: 1,
  });
});

test("no suite sees Coop's settings or anybody's keys", () => {
  const seen = toSuiteEnvironment({ PATH: "/bin", COOP_API: "x", COOPD_X: "x", OPENAI_API_KEY: "x", https_proxy: "p" });
  expect(seen).toEqual({ PATH: "/bin", https_proxy: "p", NO_COLOR: "1" });
});
