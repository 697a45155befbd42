import { expect } from "bun:test";
import { accessSync, constants, rmSync } from "node:fs";
import { makeFolder } from "./testing/test-sandbox.ts";
import { testWhere } from "./testing/test-where.ts";

/** In no one's passwd and outside of the hens' range. */
const PLAIN_UID = 64_123;
const FILES = [
  "sandbox.test.ts",
  "network/",
  "files/beneath.test.ts",
  "doctor/doctor.test.ts",
  "hostile-tree.test.ts",
  "terminal/terminal.test.ts",
];

function canOthersEnter(path: string): boolean {
  try {
    const result = Bun.spawnSync(["setpriv", `--reuid=${PLAIN_UID}`, "--clear-groups", "--", "test", "-r", path]);
    accessSync(path, constants.R_OK);
    return result.success;
  } catch {
    return false;
  }
}

/** Empty where it can be tried. */
function obstacle(): string {
  if (process.getuid?.() !== 0) return "these tests run as a plain user already";
  const isOpen = canOthersEnter(import.meta.path) && canOthersEnter(process.execPath);
  return isOpen ? "" : "a plain user can't read this checkout or Bun; clone it where others may read";
}

testWhere(obstacle() === "", obstacle())(
  "the same walls hold when the daemon is a plain user",
  () => {
    const home = makeFolder("coop-plain-", PLAIN_UID);
    const drop = [`--reuid=${PLAIN_UID}`, `--regid=${PLAIN_UID}`, "--clear-groups", "--bounding-set=-all"];
    const files = FILES.map((file) => `${import.meta.dir}/${file}`);
    const result = Bun.spawnSync(["setpriv", ...drop, "--", process.execPath, "test", ...files], {
      env: { PATH: "/usr/bin:/bin", HOME: home, TMPDIR: home },
      cwd: home,
      stdio: ["ignore", "pipe", "pipe"],
    });
    const said = result.stderr.toString();
    rmSync(home, { recursive: true, force: true });
    if (!result.success) console.log(said);
    expect(said).toContain(" 0 fail");
    expect(result.exitCode).toBe(0);
  },
  600_000,
);
