import { expect, test } from "bun:test";
import { objections } from "../testing/fixture.ts";
import { consoleUse } from "./console.ts";

test("console in a package is refused, in a test and in a tool it is not", async () => {
  const text = 'console.log("x");\nconsole["error"]("x");\nexport const console2 = "console.log";\n';
  const found = await objections(consoleUse, {
    "packages/coopd/src/a.ts": text,
    "packages/coopd/src/a.test.ts": text,
    "tools/a.ts": text,
  });
  expect(found).toEqual(["packages/coopd/src/a.ts:1 uses console", "packages/coopd/src/a.ts:2 uses console"]);
});
