import { afterAll, expect, test } from "bun:test";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { hostTarget } from "../../pack/targets.ts";
import type { Release } from "../release.ts";
import { buildLauncherPackage, buildPlatformPackage } from "./build-npm.ts";

const folder = mkdtempSync(join(tmpdir(), "coop-npm-test-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const release: Release = { root: resolve(import.meta.dir, "../../.."), version: "9.9.9", epochSecs: 0, folder };
const target = hostTarget();
if (target === undefined) throw new Error("Coop is not built for this machine");
const executable = join(folder, "program");
// Says what it was given; `wait` stays until it is told to end.
writeFileSync(
  executable,
  `#!/bin/bash\necho "told: $*"\n[ "$1" = wait ] && { trap 'exit 7' TERM; echo up; while :; do sleep 0.05; done; }\nexit "\${1:-0}"\n`,
);
chmodSync(executable, 0o755);
const launcher = buildLauncherPackage(release);
const platform = buildPlatformPackage(release, { target, executable, bill: "{}", thirdParty: "" });

/** `npm install` of archives in an empty folder, without any registry. */
function install(name: string, ...archives: readonly string[]): string {
  const place = join(folder, name);
  mkdirSync(place);
  const argv = [
    "npm",
    "install",
    "--offline",
    "--no-audit",
    "--no-fund",
    "--cache",
    join(folder, "cache"),
    ...archives,
  ];
  const ran = Bun.spawnSync(argv, { cwd: place, env: { PATH: process.env.PATH ?? "", HOME: folder } });
  if (!ran.success) throw new Error(ran.stderr.toString());
  return join(place, "node_modules/.bin");
}

test("without the package of this machine the launcher says so and ends with 1", () => {
  const bin = install("alone", launcher);
  const ran = Bun.spawnSync([join(bin, "coop"), "--version"]);
  expect([ran.exitCode, ran.stderr.toString()]).toEqual([
    1,
    expect.stringContaining(`@coop-farm/${target.name} is not installed`),
  ]);
}, 60_000);

test("with it arguments, exit code and signals go through", async () => {
  const bin = install("both", launcher, platform);
  const ran = Bun.spawnSync([join(bin, "coop"), "3", "a b"]);
  expect([ran.exitCode, ran.stdout.toString()]).toEqual([3, "told: 3 a b\n"]);
  const child = Bun.spawn([join(bin, "coopd"), "wait"], { stdout: "pipe" });
  const reader = child.stdout.getReader();
  let said = "";
  for (let isOver = false; !isOver && !said.includes("up"); ) {
    const { done, value } = await reader.read();
    isOver = done;
    said += new TextDecoder().decode(value);
  }
  child.kill("SIGTERM");
  expect([said, await child.exited]).toEqual(["told: wait\nup\n", 7]);
}, 60_000);
