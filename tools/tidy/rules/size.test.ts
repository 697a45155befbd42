import { expect, test } from "bun:test";
import { objections } from "../testing/fixture.ts";
import { size } from "./size.ts";

const lines = (count: number): string => "export {};\n".repeat(count);

test("401 lines are refused, 400 are not", async () => {
  expect(await objections(size, { "a.ts": lines(401), "b.ts": lines(400) })).toEqual([
    "a.ts:401 has 401 lines, 400 are allowed",
  ]);
});

test("style sheets and shell scripts count, documents do not", async () => {
  const found = await objections(size, { "a.css": lines(500), ".ci/run": lines(500), "a.md": lines(500) });
  expect(found).toEqual([".ci/run:401 has 500 lines, 400 are allowed", "a.css:401 has 500 lines, 400 are allowed"]);
});

test("what a tool writes may be long", async () => {
  const found = await objections(size, { "a.generated.ts": lines(500), "generated.ts": lines(401) });
  expect(found).toEqual(["generated.ts:401 has 401 lines, 400 are allowed"]);
});

test("a function of 61 lines is refused, of 60 is not", async () => {
  const body = (count: number): string => `{\n${"  void 0;\n".repeat(count - 2)}}`;
  const found = await objections(size, {
    "a.ts": `export function long() ${body(61)}\nexport const short = () => ${body(60)};\n`,
  });
  expect(found).toEqual(["a.ts:1 function long has 61 lines, 60 are allowed"]);
});

test("a describe block may be long", async () => {
  const found = await objections(size, { "a.test.ts": `describe("x", () => {\n${"  void 0;\n".repeat(80)}});\n` });
  expect(found).toEqual([]);
});
