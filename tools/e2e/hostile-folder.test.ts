import { afterAll, beforeAll, expect, test } from "bun:test";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pack } from "../pack/pack.ts";

// A folder that somebody sent: its `.env` moves the daemon's data, its bunfig.toml runs a program. Bun itself obeys both
// (the first test); started from source or built, neither of our programs does.
const ROOT = resolve(import.meta.dir, "../..");
const DEAF = [process.execPath, "--no-env-file", "--config=/dev/null"];
const COOPD = join(ROOT, "packages/coopd/src/main.ts");
const COOP = join(ROOT, "packages/coop-cli/src/main.ts");

let work: string;
let hostile: string;
let built: { readonly coop: string; readonly coopd: string };

beforeAll(async () => {
  work = mkdtempSync(join(tmpdir(), "coop-hostile-"));
  hostile = mkdtempSync(join(work, "sent-"));
  writeFileSync(join(hostile, ".env"), "COOP_DATA_DIR=/nonexistent/moved\nCOOP_API=http://127.0.0.1:1/moved\n");
  writeFileSync(join(hostile, "bunfig.toml"), 'preload = ["./trap.ts"]\n[test]\npreload = ["./trap.ts"]\n');
  writeFileSync(join(hostile, "trap.ts"), 'require("node:fs").writeFileSync(import.meta.dir + "/sprung", "");\n');
  writeFileSync(join(hostile, "print.ts"), 'process.stdout.write(process.env.COOP_DATA_DIR ?? "");\n');
  built = await pack(ROOT, join(work, "dist"));
}, 60_000);

afterAll(() => rmSync(work, { recursive: true, force: true }));

/** Runs a command in the hostile folder; what it printed, and whether the trap has sprung. */
function run(command: readonly string[]) {
  const sprung = join(hostile, "sprung");
  rmSync(sprung, { force: true });
  const env = { PATH: process.env.PATH ?? "", HOME: work };
  const { stdout, stderr, exitCode } = Bun.spawnSync([...command], { cwd: hostile, env, timeout: 20_000 });
  return { output: stdout.toString() + stderr.toString(), exitCode, isSprung: existsSync(sprung) };
}

test("the trap works: Bun without our flags obeys the folder", () => {
  const { output, isSprung } = run([process.execPath, "print.ts"]);
  expect(output).toBe("/nonexistent/moved");
  expect(isSprung).toBe(true);
});

for (const kind of ["source", "built"] as const) {
  test(`coopd from ${kind} is deaf to it`, () => {
    const program = kind === "source" ? [...DEAF, COOPD] : [built.coopd];
    const { output, exitCode, isSprung } = run([...program, "config-show"]);
    expect(output).toContain(`data_dir = ${join(work, ".coop")}`);
    expect({ exitCode, isSprung }).toEqual({ exitCode: 0, isSprung: false });
  });

  test(`coop from ${kind} is deaf to it`, () => {
    const program = kind === "source" ? [...DEAF, COOP] : [built.coop];
    const version = run([...program, "--version"]);
    expect(version.output).toMatch(/^coop \d+\.\d+\.\d+\n$/);
    expect(version.isSprung).toBe(false);
    const { output, isSprung } = run([...program, "--api", "http://127.0.0.1:2", "farm"]);
    expect(output).not.toContain("moved");
    expect(isSprung).toBe(false);
  });
}
