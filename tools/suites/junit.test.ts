import { expect, test } from "bun:test";
import { parseJunit } from "./junit.ts";

test("counts, and skipped tests by name and place", () => {
  const xml = `<?xml version="1.0"?>
<testsuites name="bun test" tests="3" assertions="1" failures="1" skipped="1" time="0.1">
  <testsuite name="a.test.ts" tests="3">
    <testcase name="ok" classname="" time="0.1" file="a.test.ts" line="2" assertions="0" />
    <testcase name="needs &quot;root&quot; &amp; &lt;x&gt;" classname="" time="0" file="a.test.ts" line="3" assertions="0">
      <skipped />
    </testcase>
    <testcase name="bad" classname="" time="0" file="a.test.ts" line="4"><failure type="AssertionError"></failure></testcase>
  </testsuite>
</testsuites>`;
  expect(parseJunit(xml)).toEqual({
    tests: 3,
    failed: 1,
    skipped: [{ name: 'needs "root" & <x>', place: "a.test.ts:3" }],
  });
});

test("something else is not a report", () => {
  expect(parseJunit("")).toBeUndefined();
});
