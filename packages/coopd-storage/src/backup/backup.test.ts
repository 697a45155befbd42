import { afterEach, beforeEach, expect, test } from "bun:test";
import {
  chmodSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { CoopError } from "coopd-core";
import { openStore } from "../open-store.ts";
import { henId, NO_LIMITS, sampleHen, sampleJob } from "../testing/samples.ts";
import { makeTempDir, openTempStore, refusal, type TempStore, tamperWith } from "../testing/temp-store.ts";
import { restoreBackup, verifyBackup } from "./restore-backup.ts";
import { toTarHeader } from "./tar-format.ts";

let dir: string;
beforeEach(() => {
  dir = makeTempDir();
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

async function backUp(temp: TempStore, withWorkdirs = true): Promise<string> {
  const backup = await temp.store.backups.open({ withWorkdirs });
  const file = join(dir, "farm.coop");
  writeFileSync(file, Buffer.concat([...backup.pieces]));
  backup.close();
  return file;
}

function refused(work: () => unknown): CoopError {
  try {
    work();
  } catch (error) {
    if (error instanceof CoopError) return error;
    throw error;
  }
  throw new Error("it was not refused");
}

/** Refused with the code, and nothing is left of it, neither the directory nor a part. */
function expectNothing(file: string, code: string): CoopError {
  const error = refused(() => restoreBackup(file, join(dir, "new")));
  expect(error.code as string).toBe(code);
  expect(readdirSync(dir).filter((name) => name.startsWith("new"))).toEqual([]);
  return error;
}

test("what is no backup, a cut one, and one with any byte changed are refused, and nothing is restored", async () => {
  await using temp = await openTempStore();
  await temp.store.createHen({ hen: sampleHen("ada"), manifestText: "" });
  mkdirSync(join(temp.dataDir, "workdirs/local-coop__ada"), { recursive: true });
  writeFileSync(join(temp.dataDir, "workdirs/local-coop__ada/a"), "some text");
  const file = await backUp(temp);
  const whole = readFileSync(file);
  const bad = join(dir, "bad.coop");
  expect(refused(() => verifyBackup(join(dir, "none"))).code).toBe("bad_request");
  for (const bytes of [Buffer.alloc(0), Buffer.from("hello"), Buffer.alloc(4096), whole.subarray(0, -600)]) {
    writeFileSync(bad, bytes);
    expectNothing(bad, "backup_invalid");
  }
  const places = [
    0,
    110,
    130,
    150,
    156,
    700,
    5_000,
    whole.indexOf("some text"),
    whole.indexOf('"format"'),
    whole.length - 5,
  ];
  for (const place of places) {
    const changed = Buffer.from(whole);
    changed[place] = (changed[place] ?? 0) ^ 1;
    writeFileSync(bad, changed);
    expectNothing(bad, "backup_invalid");
  }
});

test("entries outside of the workdirs, links, devices and a second file of a name are refused", () => {
  const database = { type: "file", path: "coop.sqlite", size: 0, mode: 0o600 } as const;
  const workdirs = { type: "folder", path: "workdirs", size: 0, mode: 0o700 } as const;
  const hen = { ...workdirs, path: "workdirs/a" };
  const write = (...headers: Uint8Array[]) => {
    const file = join(dir, "bad.coop");
    writeFileSync(file, Buffer.concat([...headers, Buffer.alloc(1024)]));
    return expectNothing(file, "backup_invalid").message;
  };
  const before = [toTarHeader(database, 0), toTarHeader(workdirs, 0), toTarHeader(hen, 0)];
  for (const path of [
    "../x",
    "/etc/x",
    "workdirs/../x",
    "workdirs/a/../../x",
    "workdirs/a//x",
    "workdirs/A/x",
    "x",
    "workdirs/a/./x",
    "daemon.json",
  ]) {
    expect(write(...before, toTarHeader({ ...database, path }, 0))).toContain("it has an entry at");
  }
  expect(write(...before, toTarHeader({ ...database, path: "workdirs/b/x" }, 0))).toContain("lies in no folder");
  expect(write(...before, toTarHeader(hen, 0))).toContain("twice");
  expect(write(toTarHeader(workdirs, 0))).toContain("first file");
  for (const type of ["1", "2", "3", "4", "6", "7", "L", "K", "S", "g"]) {
    expect(write(...before, retyped(toTarHeader({ ...database, path: "workdirs/a/x" }, 0), type))).toContain("type");
  }
});

test("links in the manifest may neither stand for a hen's folder nor leave it, and hard links lead to the same hen", async () => {
  await using temp = await openTempStore();
  for (const name of ["ada", "bob"]) {
    await temp.store.createHen({ hen: sampleHen(name), manifestText: "" });
    mkdirSync(join(temp.dataDir, `workdirs/local-coop__${name}`), { recursive: true });
    writeFileSync(join(temp.dataDir, `workdirs/local-coop__${name}/a`), "x");
  }
  const whole = readFileSync(await backUp(temp));
  const ada = "workdirs/local-coop__ada";
  const bob = "workdirs/local-coop__bob";
  const cases = [
    { links: [{ path: "workdirs/local-coop__cleo", target: "/etc" }] },
    { links: [{ path: `${ada}/../../x`, target: "y" }] },
    { links: [{ path: "coop.sqlite", target: "y" }] },
    { links: [{ path: `${ada}/a`, target: "y" }] },
    {
      links: [
        { path: `${ada}/l`, target: "/etc" },
        { path: `${ada}/l/x`, target: "y" },
      ],
    },
    { hard_links: [{ path: `${ada}/h`, to: `${bob}/a` }] },
    { hard_links: [{ path: `${ada}/h`, to: "coop.sqlite" }] },
    { hard_links: [{ path: `${ada}/h`, to: "/etc/passwd" }] },
  ];
  for (const change of cases) {
    const file = join(dir, "bad.coop");
    writeFileSync(file, withManifest(whole, change));
    expectNothing(file, "backup_invalid");
  }
});

test("a directory that holds something is refused and stays as it was; an empty one is used", async () => {
  await using temp = await openTempStore();
  const file = await backUp(temp);
  const used = join(dir, "used");
  mkdirSync(used);
  writeFileSync(join(used, "mine"), "");
  expect(refused(() => restoreBackup(file, used)).code).toBe("bad_request");
  expect(readdirSync(used)).toEqual(["mine"]);
  mkdirSync(join(dir, "empty"));
  restoreBackup(file, join(dir, "empty"));
  expect(readdirSync(join(dir, "empty"))).toEqual(["coop.sqlite"]);
});

test("a newer schema, and a database that is not Coop's, are refused", async () => {
  await using temp = await openTempStore();
  tamperWith(temp.dataDir, "PRAGMA user_version = 999");
  expectNothing(await backUp(temp), "store_newer");
  tamperWith(temp.dataDir, "PRAGMA user_version = 1");
  tamperWith(temp.dataDir, "PRAGMA application_id = 7");
  expectNothing(await backUp(temp), "backup_invalid");
});

test("a backup of a busy store is of one moment, and comes back with a hostile workdir as it was", async () => {
  await using temp = await openTempStore();
  const { store } = temp;
  await store.createHen({ hen: sampleHen("ada"), manifestText: "name: ada\n" });
  const home = join(temp.dataDir, "workdirs/local-coop__ada");
  const long = "n".repeat(200);
  mkdirSync(join(home, "deep/er"), { recursive: true });
  mkdirSync(join(home, "closed"), { mode: 0o500 });
  writeFileSync(join(home, `deep/er/${long}`), "long name");
  writeFileSync(join(home, "run.sh"), "#!/bin/sh\n", { mode: 0o755 });
  chmodSync(join(home, "run.sh"), 0o4755);
  writeFileSync(join(home, "big"), Buffer.alloc(600_000, 7));
  writeFileSync(join(home, "empty ünïcode"), "");
  linkSync(join(home, "big"), join(home, "deep/big again"));
  symlinkSync("/etc/passwd", join(home, "out"));
  symlinkSync("/etc", join(home, "outdir"));
  Bun.spawnSync(["mkfifo", join(home, "fifo")]);
  writeFileSync(join(home, "sparse"), "");
  truncateSync(join(home, "sparse"), 2_000_000_000);
  writeFileSync(Buffer.concat([Buffer.from(`${home}/bad`), Buffer.from([0xff])]), "x");
  const backup = await store.backups.open({ withWorkdirs: true });
  expect((await refusal(store.backups.open({ withWorkdirs: false }))).code).toBe("limit_reached");
  await store.enqueue({ job: sampleJob(1, "ada"), hen: { from: ["IDLE"], moves: [] }, limits: NO_LIMITS });
  const file = join(dir, "farm.coop");
  writeFileSync(file, Buffer.concat([...backup.pieces]));
  backup.close();
  expect(existsSync(join(temp.dataDir, "coop.sqlite.backup"))).toBe(false);

  const { skipped, skipped_count } = verifyBackup(file);
  expect(skipped.map(({ path }) => path.replace("workdirs/local-coop__ada/", "")).sort()).toEqual([
    "badÿ",
    "fifo",
    "sparse",
  ]);
  expect(skipped_count).toBe(3);
  expect(Bun.spawnSync(["tar", "-tf", file]).exitCode).toBe(0);

  const dataDir = join(dir, "new");
  restoreBackup(file, dataDir);
  const back = join(dataDir, "workdirs/local-coop__ada");
  expect(readFileSync(join(back, `deep/er/${long}`), "utf8")).toBe("long name");
  expect(readFileSync(join(back, "deep/big again")).equals(Buffer.alloc(600_000, 7))).toBe(true);
  expect(statSync(join(back, "big")).ino).toBe(statSync(join(back, "deep/big again")).ino);
  expect(readlinkSync(join(back, "out"))).toBe("/etc/passwd");
  const modes = ["run.sh", "closed", ".", "../..", "../../coop.sqlite"].map((path) =>
    (lstatSync(join(back, path)).mode & 0o7777).toString(8),
  );
  expect(modes).toEqual(["755", "500", (lstatSync(home).mode & 0o777).toString(8), "700", "600"]);
  expect(readdirSync(back).sort()).toEqual(["big", "closed", "deep", "empty ünïcode", "out", "outdir", "run.sh"]);

  const restored = await openStore({ dataDir });
  expect(await restored.hen(henId("ada"))).toEqual((await store.hen(henId("ada"))) as never);
  expect((await restored.counts()).queued).toBe(0);
  expect(await restored.findFaults()).toEqual([]);
  await restored.close();
  expect((await store.counts()).queued).toBe(1);
});

test("a backup without workdirs holds the store alone, and one that is broken off leaves nothing behind", async () => {
  await using temp = await openTempStore();
  mkdirSync(join(temp.dataDir, "workdirs"));
  expect(verifyBackup(await backUp(temp, false)).files.map(({ path }) => path)).toEqual(["coop.sqlite"]);
  const backup = await temp.store.backups.open({ withWorkdirs: true });
  backup.pieces.next();
  backup.pieces.return();
  backup.close();
  expect(readdirSync(temp.dataDir).filter((name) => name.includes("backup"))).toEqual([]);
});

/** A header with another type and its checksum right again. */
function retyped(header: Uint8Array, type: string): Uint8Array {
  const bytes = Buffer.from(header);
  bytes.write(type, 156, "latin1");
  bytes.fill(" ", 148, 156);
  const sum = bytes.reduce((total, byte) => total + byte, 0);
  bytes.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
  return bytes;
}

/** The archive with its manifest changed. */
function withManifest(whole: Buffer, change: object): Buffer {
  const start = whole.lastIndexOf('{"format":"coop-backup/1"');
  const end = whole.indexOf(0, start);
  const manifest = { ...JSON.parse(whole.toString("utf8", start, end)), ...change };
  const body = Buffer.from(JSON.stringify(manifest));
  const header = toTarHeader({ type: "file", path: "coop-backup.json", size: body.length, mode: 0o600 }, 0);
  const zeros = Buffer.alloc(((512 - (body.length % 512)) % 512) + 1024);
  return Buffer.concat([whole.subarray(0, start - 512), header, body, zeros]);
}
