import { expect, test } from "bun:test";
import { objections } from "../testing/fixture.ts";
import { openCore } from "./open-core.ts";

const held = `esc${"row"}`;
const privatePackage = `coop${"-"}market`;

test("its words are refused in text, in code and in names, in any case", async () => {
  const found = await objections(openCore, {
    "a.md": `Money goes into ${held.toUpperCase()}.\n`,
    "b.ts": `import "${privatePackage}";\nexport type Bi${"d"}Price = 1;\nexport const order${"Book"} = 1;\n`,
    [`${held}.json`]: "{}",
  });
  expect(found.map((line) => line.replace(/ is a word.*/, ""))).toEqual([
    `a.md:1 "${held.toUpperCase()}"`,
    `b.ts:1 "${privatePackage}"`,
    `b.ts:2 "type Bi${"d"}Price"`,
    `b.ts:3 "order${"Book"}"`,
    `${held}.json:1 "${held}"`,
  ]);
});

test("everyday words pass", async () => {
  const text = "The order of the listing; a forbidden bid; list specifically; a market stall.\n";
  expect(await objections(openCore, { "a.md": text, "b.ts": "export const listing = 1;\n" })).toEqual([]);
});
