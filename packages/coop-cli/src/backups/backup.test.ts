import { afterAll, expect, test } from "bun:test";
import { mkdtempSync, readdirSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openRealDaemon } from "../testing/real-daemon.ts";
import { runCoop } from "../testing/run-coop.ts";

const daemon = await openRealDaemon();
const folder = mkdtempSync(join(tmpdir(), "coop-cli-backup-"));
afterAll(async () => {
  await daemon.close();
  rmSync(folder, { recursive: true, force: true });
});

const coop = (...args: string[]) => runCoop(args, { env: { COOP_API: daemon.url } });
const FILE = join(folder, "farm.coop");
const DATA = join(folder, "data");

test("what cannot be written, read or restored is refused with a reason, and leaves nothing behind", async () => {
  expect((await coop("backup", join(folder, "none/farm.coop"))).exitCode).toBe(2);
  expect((await coop("restore", FILE, "--data-dir", DATA)).exitCode).toBe(2);
  expect((await coop("restore", FILE)).stderr).toContain("--data-dir DIR");
  writeFileSync(join(folder, "junk"), "junk");
  expect((await coop("restore", join(folder, "junk"), "--data-dir", DATA)).stderr).toContain("not a sound backup");
  expect((await coop("backup", FILE, "--data-dir", DATA)).stderr).toContain("no coop.sqlite");
  expect((await coop("doctor", "--store", "--data-dir", DATA)).exitCode).toBe(2);
  expect(readdirSync(folder)).toEqual(["junk"]);
});

test("a backup from a running daemon is one private file, verified, and is restored and inspected without one", async () => {
  await coop("hen", "create", join(import.meta.dir, "../../../../examples/demo.yaml"));
  const backup = await coop("backup", FILE);
  expect([backup.exitCode, backup.stderr]).toEqual([0, ""]);
  expect(JSON.parse(backup.stdout)).toEqual({ file: FILE, files: 1, schema_version: 5, skipped: 0 });
  expect((statSync(FILE).mode & 0o777).toString(8)).toBe("600");
  expect(JSON.parse((await coop("restore", FILE, "--data-dir", DATA)).stdout)).toMatchObject({ data_dir: DATA });
  expect((await coop("restore", FILE, "--data-dir", DATA)).stderr).toContain("not empty");
  const doctor = await coop("doctor", "--store", "--data-dir", DATA);
  expect(JSON.parse(doctor.stdout)).toMatchObject({ schema_version: 5, rows: { hens: 1 } });
  const again = await coop("backup", join(folder, "again.coop"), "--data-dir", DATA, "--no-workdirs");
  expect([again.exitCode, again.stderr]).toEqual([0, ""]);
  truncateSync(FILE, statSync(FILE).size - 2_000);
  expect((await coop("restore", FILE, "--data-dir", join(folder, "cut"))).exitCode).toBe(2);
  expect(JSON.parse((await coop("doctor", "--store")).stdout)).toMatchObject({ rows: { hens: 1 } });
});
