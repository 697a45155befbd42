import { expect, test } from "bun:test";
import { objections } from "../testing/fixture.ts";
import { exports } from "./exports.ts";

test("default exports are refused in all their spellings", async () => {
  const found = await objections(exports, {
    "a.ts": "export default 1;\n",
    "b.ts": "export default function b() {}\n",
    "c.ts": "const c = 1;\nexport { c as default };\n",
  });
  expect(found).toEqual(["a.ts:1 has a default export", "b.ts:1 has a default export", "c.ts:2 has a default export"]);
});

test("what a package exports without a doc comment is refused, whatever it is", async () => {
  const text = [
    "export function a() {}",
    "export const [b, c] = [1, 2];",
    "export type D = 1;",
    "export interface E {}",
    "export class F {}",
    "export interface E2 { e: 1; }",
    "// no doc comment",
    "export const g = 1;",
  ].join("\n");
  const found = await objections(exports, { "packages/coopd/src/a.ts": text });
  expect(found.map((line) => line.replace("packages/coopd/src/a.ts:", ""))).toEqual([
    "1 exports a without a doc comment",
    "2 exports [b, c] without a doc comment",
    "3 exports D without a doc comment",
    "4 exports E without a doc comment",
    "5 exports F without a doc comment",
    "6 exports E2 without a doc comment",
    "8 exports g without a doc comment",
  ]);
});

test("a doc comment, a re-export, a test's own export pass", async () => {
  const found = await objections(exports, {
    "packages/coopd/src/a.ts":
      '/** One. */\nexport const a = 1;\n/**\n * Two.\n */\nexport function b() {}\nexport * from "./c.ts";\n',
    "packages/coopd/src/e.ts":
      "/** Three. */\nexport const E = [1] as const;\nexport type F = (typeof E)[number];\nexport interface G {\n  /** Four. */\n  g: 1;\n}\n",
    "packages/coopd/src/c.ts": "const d = 1;\nvoid d;\n",
    "packages/coopd/src/testing/fake.ts": "export const fake = 1;\n",
  });
  expect(found).toEqual([]);
});
