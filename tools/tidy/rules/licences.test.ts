import { describe, expect, test } from "bun:test";
import { objections } from "../testing/fixture.ts";
import { isMet } from "./licence-expression.ts";
import { licences } from "./licences.ts";

const lock = (packages: Readonly<Record<string, object>>): string => JSON.stringify({ packages }, null, 1);

test("a copyleft licence, an unknown one and none at all are refused", async () => {
  const found = await objections(licences, {
    "package-lock.json": lock({
      "": { license: "Apache-2.0" },
      "node_modules/free": { version: "1.0.0", license: "MIT" },
      "node_modules/ours": { link: true },
      "node_modules/viral": { version: "2.0.0", license: "GPL-3.0-only" },
      "node_modules/viral/node_modules/@odd/one": { version: "3.0.0", license: "SEE LICENSE IN x" },
      "node_modules/silent": { version: "4.0.0" },
    }),
  });
  expect(found.map((line) => line.replace(/^\S+ /, ""))).toEqual([
    "viral 2.0.0 has licence GPL-3.0-only",
    "@odd/one 3.0.0 has licence SEE LICENSE IN x",
    "silent 4.0.0 has licence (none given)",
  ]);
});

describe("an expression", () => {
  const allowed = new Set(["MIT", "ISC"]);
  const cases: readonly (readonly [string, boolean])[] = [
    ["MIT", true],
    ["GPL-2.0-only", false],
    ["MIT OR GPL-2.0-only", true],
    ["MIT AND GPL-2.0-only", false],
    ["MIT AND ISC", true],
    ["(MIT OR GPL-2.0-only) AND ISC", true],
    ["GPL-2.0-only OR MIT AND LGPL-2.1-only", false],
    ["MIT WITH some-exception", false],
    ["(MIT", false],
    ["MIT ISC", false],
    ["", false],
  ];
  for (const [expression, met] of cases) {
    test(`"${expression}" is ${met ? "met" : "not met"}`, () => expect(isMet(expression, allowed)).toBe(met));
  }
});
