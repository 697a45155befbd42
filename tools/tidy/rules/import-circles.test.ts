import { expect, test } from "bun:test";
import { objections } from "../testing/fixture.ts";
import { importCircles } from "./import-circles.ts";

test("a circle of three files is named once, with its way", async () => {
  const found = await objections(importCircles, {
    "a.ts": 'import "./inner/b.ts";\n',
    "inner/b.ts": 'export * from "../c.ts";\n',
    "c.ts": 'export {};\nimport type { A } from "./a.ts";\n',
  });
  expect(found).toEqual(["c.ts:2 closes a circle: c.ts → a.ts → inner/b.ts → c.ts"]);
});

test("a file that imports itself is a circle", async () => {
  expect(await objections(importCircles, { "a.ts": 'import "./a.ts";\n' })).toEqual([
    "a.ts:1 closes a circle: a.ts → a.ts",
  ]);
});

test("two ways to one file are no circle", async () => {
  const found = await objections(importCircles, {
    "a.ts": 'import "./b.ts";\nimport "./c.ts";\n',
    "b.ts": 'import "./c.ts";\n',
    "c.ts": "export {};\n",
  });
  expect(found).toEqual([]);
});
