import { Database } from "bun:sqlite";
import { afterEach, beforeEach, expect, test } from "bun:test";
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { JOB_STATUSES } from "coopd-core";
import { openStore } from "../open-store.ts";
import { CORPUS, writeCorpus } from "../testing/corpus/corpus.ts";
import { at, henId } from "../testing/samples.ts";
import { makeTempDir } from "../testing/temp-store.ts";
import { MIGRATIONS, type Migration } from "./migrate.ts";
import { openDatabase } from "./open-database.ts";

const NEWEST = MIGRATIONS.at(-1)?.version ?? 0;

let dataDir: string;
let path: string;
beforeEach(() => {
  dataDir = makeTempDir();
  path = join(dataDir, "coop.sqlite");
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

/** Tables with the number of their rows. */
function countRows(file: string): Readonly<Record<string, number>> {
  const db = new Database(file, { readwrite: true, create: false });
  const names = db.query("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'").all();
  const rows = (names as { name: string }[]).map(({ name }) => {
    const { count } = db.query(`SELECT count(*) AS count FROM "${name}"`).get() as { count: number };
    return [name, count] as const;
  });
  db.close();
  return Object.fromEntries(rows);
}

test("every schema that there ever was is in the corpus, with rows in all of its tables", () => {
  expect(CORPUS.map(({ version }) => version)).toEqual(MIGRATIONS.map(({ version }) => version));
  for (const row of CORPUS) {
    const dir = makeTempDir();
    writeCorpus(dir, row);
    const empty = Object.entries(countRows(join(dir, "coop.sqlite"))).filter(([, count]) => count === 0);
    expect(empty).toEqual([]);
    rmSync(dir, { recursive: true });
  }
});

for (const row of CORPUS) {
  test(`a farm of schema ${row.version} is opened with all that it held, and can go on`, async () => {
    writeCorpus(dataDir, row);
    const store = await openStore({ dataDir });
    expect(await store.findFaults()).toEqual([]);
    const jobs = await store.jobs({}, { limit: 100 });
    expect(jobs.map(({ status }) => status)).toEqual([...JOB_STATUSES]);
    const hens = await store.hens({}, { limit: 100 });
    expect(hens.map(({ id, state }) => `${id} ${state}`)).toEqual(["local.coop/ada WORKING", "local.coop/bob LEASED"]);
    expect((await store.henUsage(henId("ada")))?.jobs).toEqual({ done: 1, failed: 1, cancelled: 1 });
    expect(await store.episodes(henId("ada"), 10)).toHaveLength(1);
    expect(await store.tasks({ limit: 10 })).toHaveLength(1);
    expect(await store.events(0, 10)).toHaveLength(2);
    const log = await store.egress(henId("ada"), {}, { limit: 10 });
    expect(log.map(({ seq, verdict }) => `${seq} ${verdict}`)).toEqual(
      row.version < 2 ? [] : ["2 denied", "3 allowed"],
    );
    expect(hens.map((hen) => hen.manifest_revision)).toEqual(row.version < 2 ? [1, 1] : [2, 1]);
    expect(await store.setting("farm.stopped")).toBe("1");
    expect(await store.quarantined()).toHaveLength(1);
    expect((await store.takeOver(at(1))).map(({ isCancelAsked }) => isCancelAsked)).toEqual([true]);
    await store.close();
    expect(existsSync(`${path}.before-v${NEWEST}`)).toBe(row.version < NEWEST);
  });
}

test("a step keeps every row of the oldest schema, after a snapshot of it; one that fails leaves all as it was", () => {
  const [oldest] = CORPUS;
  if (oldest === undefined) throw new Error("the corpus is empty");
  writeCorpus(dataDir, oldest);
  const before = countRows(path);
  const step: Migration = {
    version: NEWEST + 1,
    sql: "ALTER TABLE jobs ADD COLUMN mood TEXT NOT NULL DEFAULT 'calm';",
  };
  const broken: Migration = {
    version: NEWEST + 2,
    sql: "CREATE TABLE nests (id INTEGER) STRICT; UPDATE nothing SET a = 1;",
  };
  expect(() => openDatabase(path, [...MIGRATIONS, step, broken])).toThrow();
  expect(countRows(path)).toEqual(before);
  const db = openDatabase(path, [...MIGRATIONS, step]);
  expect(db.query("SELECT DISTINCT mood FROM jobs").all()).toEqual([{ mood: "calm" }]);
  db.close();
  expect(countRows(path)).toMatchObject(before);
  expect(countRows(`${path}.before-v${NEWEST + 1}`)).toEqual(before);
});
