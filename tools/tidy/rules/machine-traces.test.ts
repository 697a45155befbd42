import { expect, test } from "bun:test";
import { objections, openFixture } from "../testing/fixture.ts";
import { readTree } from "../tree/tree.ts";
import { machineTraces } from "./machine-traces.ts";

const registry = ["registry", "npmjs", "org"].join(".");
const home = ["", "Users", "ann", "coop"].join("/");

test("a registry's or a mirror's host is refused anywhere", async () => {
  const mirror = ["https://repo", "jfrog", "io/npm"].join(".");
  const found = await objections(machineTraces, {
    "a.md": `See https://${registry}/x\n`,
    "b.yaml": `\nurl: ${mirror}\n`,
  });
  expect(found).toEqual([
    `a.md:1 names a package registry: ${registry}`,
    `b.yaml:2 names a package mirror: repo.${"jfrog"}.io`,
  ]);
});

test("somebody's home directory is refused; a hen's, and one that a test makes up, are not", async () => {
  const found = await objections(machineTraces, {
    "a.ts": `const a = "${home}";\n`,
    "b.ts": 'const b = "/home/demo/report.md";\n',
    "c.test.ts": `const c = "${home}";\n`,
  });
  expect(found).toEqual([`a.ts:1 names a path of one machine: ${home.replace(/coop$/, "")}`]);
});

test("the folder that the repository lies in on this machine is refused", async () => {
  using fixture = openFixture({ "a.md": "" });
  await Bun.write(`${fixture.root}/a.md`, `cd ${fixture.root}\n`);
  const found = machineTraces.check(await readTree(fixture.root));
  expect(found.map(({ message }) => message)).toEqual([`names a path of one machine: ${fixture.root}`]);
});
