import { expect, test } from "bun:test";
import { openFixture } from "../testing/fixture.ts";
import { readTree } from "../tree/tree.ts";
import { checkBorders } from "./borders.ts";

const LAYERS = { low: [], high: ["low"] };

function packageFiles(name: string, dependencies: readonly string[], references: readonly string[]) {
  return {
    [`packages/${name}/package.json`]: JSON.stringify({
      name,
      dependencies: Object.fromEntries(dependencies.map((dependency) => [dependency, "0.1.0"])),
    }),
    [`packages/${name}/tsconfig.json`]: JSON.stringify({
      references: references.map((path) => ({ path: `../${path}` })),
    }),
  };
}

async function messages(files: Readonly<Record<string, string>>): Promise<readonly string[]> {
  using fixture = openFixture(files);
  return checkBorders(await readTree(fixture.root), LAYERS).map(({ path, message }) => `${path} ${message}`);
}

test("a package that depends upwards is refused, in package.json and in tsconfig.json", async () => {
  const found = await messages({
    ...packageFiles("low", ["high"], ["high"]),
    ...packageFiles("high", ["low"], ["low"]),
  });
  expect(found).toEqual([
    "packages/low/package.json depends on high, which the layer table does not allow",
    "packages/low/tsconfig.json references high, which the layer table does not allow",
  ]);
});

test("a dev dependency on a package of ours is a dependency", async () => {
  const files = { ...packageFiles("low", [], []), ...packageFiles("high", ["low"], ["low"]) };
  files["packages/low/package.json"] = JSON.stringify({ name: "low", devDependencies: { high: "0.1.0" } });
  expect(await messages(files)).toEqual([
    "packages/low/package.json depends on high, which the layer table does not allow",
  ]);
});

test("a border that the table states and the package does not is refused", async () => {
  const found = await messages({ ...packageFiles("low", [], []), ...packageFiles("high", [], ["low"]) });
  expect(found).toEqual(["packages/high/package.json the layer table says that it depends on low; it does not"]);
});

test("a package that is not in the table, and a row without a package, are refused", async () => {
  const found = await messages({ ...packageFiles("low", [], []), ...packageFiles("loft", [], []) });
  expect(found).toEqual([
    "packages/loft/package.json loft is not in the layer table",
    "packages/high/package.json is missing",
    "packages/high/tsconfig.json is missing",
  ]);
});

test("packages that state their rows pass", async () => {
  expect(await messages({ ...packageFiles("low", [], []), ...packageFiles("high", ["low"], ["low"]) })).toEqual([]);
});
