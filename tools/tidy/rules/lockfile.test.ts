import { expect, test } from "bun:test";
import { objections } from "../testing/fixture.ts";
import { lockfile } from "./lockfile.ts";

const NPMRC = "install-strategy=linked\nomit-lockfile-registry-resolved=true\nsave-exact=true\n";
const withHost = JSON.stringify(
  { a: { resolved: "https://packages.example/a.tgz" }, b: { resolved: "packages/b" } },
  null,
  1,
);

test("a host in the lockfile is refused, a path of a workspace is not", async () => {
  const found = await objections(lockfile, { ".npmrc": NPMRC, "package-lock.json": withHost });
  expect(found).toEqual(["package-lock.json:3 names the host that a package came from"]);
});

test("ranges, tags and addresses are refused as versions", async () => {
  const dependencies = { a: "^1.0.0", b: "latest", c: "1.2.3", d: "git+ssh://x/y", e: "1.2.3-rc.1", f: "*" };
  const found = await objections(lockfile, {
    ".npmrc": NPMRC,
    "packages/x/package.json": JSON.stringify({ dependencies }, null, 1),
  });
  expect(found.map((line) => line.replace(/^\S+ /, ""))).toEqual([
    'a is "^1.0.0", not one version',
    'b is "latest", not one version',
    'd is "git+ssh://x/y", not one version',
    'f is "*", not one version',
  ]);
});

test(".npmrc has our lines and nothing of one machine", async () => {
  const text = "install-strategy=linked\nsave-exact=true\nregistry=http://x/\n//x/:_authToken=abc\n";
  expect(await objections(lockfile, { ".npmrc": text })).toEqual([
    ".npmrc:1 lacks omit-lockfile-registry-resolved=true",
    ".npmrc:3 sets something of one machine",
    ".npmrc:4 sets something of one machine",
  ]);
});
