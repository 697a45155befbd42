import { expect, test } from "bun:test";
import { renderResult, renderSummary } from "./report.ts";
import type { SuiteResult } from "./suite.ts";

const green: SuiteResult = {
  name: "core",
  passed: 3,
  failed: 0,
  skipped: [],
  seconds: 1,
  output: "seed 42\n(pass) a\n",
};
const red: SuiteResult = { ...green, name: "storage", failed: 1, output: "(pass) a\n(fail) b\n" };
const thin: SuiteResult = { ...green, name: "sandbox", skipped: [{ name: "as root", place: "a.test.ts:7" }] };

test("a failed suite shows all but its green tests, a green one only seeds and reasons", () => {
  expect(renderResult(red)).toContain("1 FAILED");
  expect(renderResult(red)).toContain("    (fail) b\n");
  expect(renderResult(green)).toContain("    seed 42\n");
  expect(renderResult(red)).not.toContain("(pass)");
  expect(renderResult(green)).not.toContain("(pass)");
});

test("the last line has the totals; skips are named only when there are any", () => {
  expect(renderSummary([green], 1).trimEnd().split("\n").at(-1)).toBe("3 passed, 0 failed");
  const lines = renderSummary([green, red, thin], 1).trimEnd().split("\n");
  expect(lines.at(-1)).toBe("9 passed, 1 failed, 1 skipped");
  expect(lines).toContain("skipped: sandbox: as root (a.test.ts:7)");
  expect(lines).toContain("failed: storage");
});
