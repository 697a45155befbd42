import { afterAll, expect, test } from "bun:test";
import { createHash } from "node:crypto";
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { hostTarget, TARGETS, type Target } from "../../pack/targets.ts";
import type { Release } from "../release.ts";
import { buildArchive } from "./build-archive.ts";

const folder = mkdtempSync(join(tmpdir(), "coop-install-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const release: Release = {
  root: resolve(import.meta.dir, "../../.."),
  version: "9.9.9",
  epochSecs: 1_700_000_000,
  folder,
};
const executable = join(folder, "program");
writeFileSync(executable, "#!/bin/sh\necho coop 9.9.9\n");
chmodSync(executable, 0o755);

function archiveFor(target: Target): string {
  return buildArchive(release, { target, executable, bill: "{}", thirdParty: "" });
}

const target = hostTarget();
if (target === undefined) throw new Error("Coop is not built for this machine");
const archive = archiveFor(target);
const sum = sumOf(archive);

function sumOf(path: string): string {
  return createHash("sha256").update(readFileSync(path)).digest("hex");
}

let places = 0;
function install(...args: readonly string[]) {
  places += 1;
  const to = join(folder, `bin-${places}`);
  const env = { PATH: process.env.PATH ?? "", HOME: folder };
  const ran = Bun.spawnSync(["sh", join(import.meta.dir, "install.sh"), "--to", to, ...args], { env, cwd: folder });
  return { to, exitCode: ran.exitCode, stdout: ran.stdout.toString(), stderr: ran.stderr.toString() };
}

test("without a sum, with a wrong one or with none at all in it nothing is installed", () => {
  const other = "0".repeat(64);
  for (const [args, said] of [
    [[archive], "no --sha256"],
    [["--sha256", "", archive], "no --sha256"],
    [["--sha256", other, archive], `its SHA-256 is ${sum}`],
    [["--sha256", sum.slice(1), archive], "63 digits"],
    [["--sha256", `${sum.slice(1)}g`, archive], "no SHA-256"],
    [["--sha256"], "needs a value"],
  ] as const) {
    const { exitCode, stderr, to } = install(...args);
    expect([exitCode, stderr, existsSync(to)]).toEqual([1, expect.stringContaining(said), false]);
  }
});

test("an archive for another machine, an address without TLS and what is not there are refused", () => {
  const foreign = TARGETS.find((one) => one !== target) ?? target;
  expect(install("--sha256", sum, archiveFor(foreign)).stderr).toContain("is not for this machine");
  expect(install("--sha256", sum, `http://127.0.0.1:1/${basename(archive)}`).stderr).toContain("only https is taken");
  expect(install("--sha256", sum, `nowhere/${basename(archive)}`).stderr).toContain("cannot be read");
});

test("with the right sum coop and coopd are there, over an older one too", () => {
  const { to, exitCode, stdout } = install("--sha256", sum, archive);
  expect([exitCode, stdout]).toEqual([0, expect.stringContaining(`coop 9.9.9 is in ${to}`)]);
  expect(readlinkSync(join(to, "coopd"))).toBe("coop");
  writeFileSync(join(to, "coop"), "old");
  expect(install("--to", to, "--sha256", sum, archive).exitCode).toBe(0);
  expect(sumOf(join(to, "coop"))).toBe(sumOf(executable));
});

test("equal parts make equal bytes", () => {
  const copy = join(folder, "first.tar.gz");
  copyFileSync(archive, copy);
  expect(sumOf(archiveFor(target))).toBe(sumOf(copy));
});

test("shellcheck has nothing to say of the shell scripts that are shipped", () => {
  if (Bun.which("shellcheck") === null) {
    console.warn("skipped: shellcheck is not installed (apt-get install shellcheck)");
    return;
  }
  const scripts = ["archive/install.sh", "deb/files/postinst", "deb/files/prerm", "deb/files/postrm"];
  const judged = Bun.spawnSync(["shellcheck", ...scripts.map((path) => join(import.meta.dir, "..", path))]);
  expect(judged.stdout.toString()).toBe("");
});
