import { Database } from "bun:sqlite";
import { expect, test } from "bun:test";
import { existsSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createPrivateFile } from "../data-dir/private-files.ts";
import { openStore } from "../index.ts";
import { sampleHen } from "../testing/samples.ts";
import { makeTempDir, openTempStore, refusal, tamperWith } from "../testing/temp-store.ts";
import { MIGRATIONS, type Migration } from "./migrate.ts";
import { openDatabase } from "./open-database.ts";

const NEWEST = MIGRATIONS.length;
const NEXT: readonly Migration[] = [
  ...MIGRATIONS,
  { version: NEWEST + 1, sql: "ALTER TABLE hens ADD COLUMN mood TEXT; UPDATE hens SET mood = 'calm';" },
  { version: NEWEST + 2, sql: "CREATE TABLE nests (id INTEGER PRIMARY KEY) STRICT;" },
];

/** A data directory with one hen in the newest schema, closed. */
async function makeOldFarm(): Promise<{ readonly dataDir: string; readonly path: string }> {
  const dataDir = makeTempDir();
  const store = await openStore({ dataDir });
  await store.createHen({ hen: sampleHen("ada"), manifestText: "" });
  await store.close();
  return { dataDir, path: join(dataDir, "coop.sqlite") };
}

const codeOf = (work: () => unknown) => {
  try {
    work();
    return "nothing was thrown";
  } catch (error) {
    return (error as { code?: string }).code;
  }
};

test("a database of a newer Coop is refused and left alone", async () => {
  const { dataDir, path } = await makeOldFarm();
  openDatabase(path, NEXT).close();
  const refused = await refusal(openStore({ dataDir }));
  expect([refused.code, refused.details]).toEqual(["store_newer", { found: NEWEST + 2, known: NEWEST }]);
  const db = new Database(path);
  expect(db.query("PRAGMA user_version").get()).toEqual({ user_version: NEWEST + 2 });
  db.close();
  rmSync(dataDir, { recursive: true });
});

test("a file that is no database, or a database of something else, is refused and left alone", async () => {
  const dataDir = makeTempDir();
  const path = join(dataDir, "coop.sqlite");
  writeFileSync(path, "this was written by an editor, and is longer than a header of one hundred bytes ".repeat(20));
  expect((await refusal(openStore({ dataDir }))).code).toBe("store_unavailable");
  rmSync(path);
  createPrivateFile(path);
  tamperWith(dataDir, "CREATE TABLE recipes (id INTEGER)");
  const refused = await refusal(openStore({ dataDir }));
  expect([refused.code, refused.message]).toEqual(["store_unavailable", expect.stringContaining("not one of Coop")]);
  expect(readdirSync(dataDir).filter((name) => name.includes("before"))).toEqual([]);
  rmSync(dataDir, { recursive: true });
});

test("a step that fails leaves the old schema whole, with its snapshot, and the next try succeeds", async () => {
  const { dataDir, path } = await makeOldFarm();
  const broken = [...NEXT, { version: NEWEST + 3, sql: "CREATE TABLE nests (id INTEGER)" }];
  expect(codeOf(() => openDatabase(path, broken))).toBe("internal");
  const db = new Database(path);
  expect(db.query("PRAGMA user_version").get()).toEqual({ user_version: NEWEST });
  expect(db.query("SELECT name FROM sqlite_schema WHERE name = 'nests'").get()).toBeNull();
  db.close();
  openDatabase(path, NEXT).close();
  rmSync(dataDir, { recursive: true });
});

test("a step that would leave rows without their parent is refused as a whole", async () => {
  const { dataDir, path } = await makeOldFarm();
  const careless = [...MIGRATIONS, { version: NEWEST + 1, sql: "DELETE FROM hens" }];
  expect(codeOf(() => openDatabase(path, careless))).toBe("internal");
  const store = await openStore({ dataDir });
  expect(await store.findFaults()).toEqual([]);
  await store.close();
  rmSync(dataDir, { recursive: true });
});

test("an older database is copied before it is changed, privately, and goes on with its rows", async () => {
  const { dataDir, path } = await makeOldFarm();
  const before = process.umask(0);
  const db = openDatabase(path, NEXT);
  process.umask(before);
  expect(db.query("SELECT id, mood FROM hens").get()).toEqual({ id: "local.coop/ada", mood: "calm" });
  expect(db.query("PRAGMA foreign_keys").get()).toEqual({ foreign_keys: 1 });
  db.close();
  const snapshot = `${path}.before-v${NEWEST + 2}`;
  expect(statSync(snapshot).mode & 0o777).toBe(0o600);
  expect(existsSync(`${snapshot}.part`)).toBe(false);
  const old = new Database(snapshot, { readonly: true });
  expect(old.query("PRAGMA user_version").get()).toEqual({ user_version: NEWEST });
  expect(old.query("SELECT id FROM hens").all()).toEqual([{ id: "local.coop/ada" }]);
  expect(old.query("PRAGMA integrity_check").get()).toEqual({ integrity_check: "ok" });
  old.close();
  rmSync(dataDir, { recursive: true });
});

test("a new database has every step and no snapshot", async () => {
  await using temp = await openTempStore();
  expect(readdirSync(temp.dataDir).filter((name) => name.includes("before"))).toEqual([]);
  expect(await temp.store.findFaults()).toEqual([]);
});

test("released steps are in order without gaps", () => {
  expect(MIGRATIONS.map(({ version }) => version)).toEqual(MIGRATIONS.map((_, index) => index + 1));
});
