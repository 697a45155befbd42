import { expect, test } from "bun:test";
import { objections } from "../testing/fixture.ts";
import { leftovers } from "./leftovers.ts";

const [later, broken] = [`TO${"DO"}`, `FIX${"ME"}`];

test("marks for later are refused in code and in documents", async () => {
  const found = await objections(leftovers, {
    "a.ts": `export {};\n// ${later}: write it\n`,
    "b.md": `${broken}\n`,
    "c.ts": `export const method${later}s = 1;\n`,
  });
  expect(found).toEqual([`a.ts:2 has a ${later}`, `b.md:1 has a ${broken}`]);
});
