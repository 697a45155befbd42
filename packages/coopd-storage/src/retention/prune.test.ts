import { expect, test } from "bun:test";
import { createIdSource, type JobId, type PruneRules, type Settlement, toInstant } from "coopd-core";
import { MIGRATIONS } from "../database/migrate.ts";
import { NO_LIMITS, sampleHen, sampleJob, settlement } from "../testing/samples.ts";
import { openTempStore, type TempStore } from "../testing/temp-store.ts";

const DAY_MS = 86_400_000;
const START_MS = Date.UTC(2026, 2, 1);
const on = (day: number) => toInstant(START_MS + day * DAY_MS);
const rules = (day: number, wishes: Partial<PruneRules> = {}): PruneRules => ({
  at: on(day),
  eventsMs: 30 * DAY_MS,
  eventsMax: 1_000_000,
  egressMs: 30 * DAY_MS,
  ...wishes,
});

function keeping(name: string, jobsDays: number | null) {
  const hen = sampleHen(name);
  return { ...hen, manifest: { ...hen.manifest, retention: { jobs_days: jobsDays } } };
}

/** A job that was queued and ended on these days; `ended` undefined leaves it waiting. */
async function addJob(
  temp: TempStore,
  hen: string,
  made: number,
  ended?: number,
  status: Settlement["status"] = "DONE",
) {
  const nowMs = START_MS + made * DAY_MS + Math.random();
  const newId = createIdSource({
    nowMs: () => nowMs,
    randomBytes: (size) => crypto.getRandomValues(new Uint8Array(size)),
  });
  const id = newId() as JobId;
  const job = { ...sampleJob(1, hen), id, created_at: on(made) };
  await temp.store.enqueue({ job, hen: { from: ["IDLE", "WORKING"], moves: [] }, limits: NO_LIMITS });
  if (ended === undefined) return id;
  const [claim] = await temp.store.claim({ count: 1, at: on(made) });
  const end = { ...settlement(1, status), episodeId: newId() as never };
  await temp.store.settle({ jobId: id, epoch: claim?.epoch ?? 0, at: on(ended), facts: [], settlement: end });
  return id;
}

test("a job is kept for the days of its hen's manifest from its end on, and for ever where it says nothing", async () => {
  await using temp = await openTempStore();
  const { store } = temp;
  await store.createHen({ hen: keeping("ada", 10), manifestText: "" });
  await store.createHen({ hen: keeping("bob", null), manifestText: "" });
  const old = await addJob(temp, "ada", 0, 1);
  const failed = await addJob(temp, "ada", 0, 1, "FAILED");
  const endedLate = await addJob(temp, "ada", 0, 9);
  const bobs = await addJob(temp, "bob", 0, 1);
  const waiting = await addJob(temp, "ada", 0);
  expect(await store.prune(rules(11, { eventsMs: 999 * DAY_MS }))).toEqual({
    events: 0,
    jobs: 0,
    keys: 0,
    egress: 0,
    isDone: true,
  });
  expect(await store.prune(rules(12, { eventsMs: 999 * DAY_MS }))).toEqual({
    events: 0,
    jobs: 2,
    keys: 0,
    egress: 0,
    isDone: true,
  });
  for (const id of [old, failed]) {
    expect(await store.job(id)).toBeUndefined();
    expect(await store.journal(id, { after: 0, limit: 10 })).toEqual([]);
  }
  for (const id of [endedLate, bobs, waiting]) expect((await store.job(id))?.id).toBe(id);
  expect((await store.henUsage(keeping("ada", 10).id))?.jobs).toEqual({ done: 2, failed: 1, cancelled: 0 });
  expect(await store.episodes(keeping("ada", 10).id, 10)).toHaveLength(3);
  expect(await store.findFaults()).toEqual([]);
});

test("one call removes some 500 rows at most, and repeated calls everything that is due", async () => {
  await using temp = await openTempStore();
  const { store } = temp;
  await store.createHen({ hen: keeping("ada", 1), manifestText: "" });
  for (let n = 0; n < 300; n += 1) await addJob(temp, "ada", 0, 0);
  const before = (await store.inspect()).rows;
  const batches = [];
  for (let isDone = false; !isDone; ) {
    const batch = await store.prune(rules(2, { eventsMs: DAY_MS }));
    batches.push(batch);
    isDone = batch.isDone;
  }
  for (const { events, jobs } of batches) expect(events + 3 * jobs).toBeLessThanOrEqual(500);
  const sum = batches.reduce(
    (total, { events, jobs }) => ({ events: total.events + events, jobs: total.jobs + jobs }),
    {
      events: 0,
      jobs: 0,
    },
  );
  expect(sum).toEqual({ events: before.events ?? 0, jobs: 300 });
  expect((await store.inspect()).rows).toMatchObject({ jobs: 0, journal: 0, job_texts: 0, events: 0 });
});

test("events go from the oldest on, by age and by number, and a watcher is told where they begin", async () => {
  await using temp = await openTempStore();
  const { store } = temp;
  for (let n = 0; n < 10; n += 1) {
    await store.createHen({ hen: { ...sampleHen(`h${n}`), created_at: on(n) }, manifestText: "" });
  }
  expect((await store.prune(rules(33))).events).toBe(3);
  expect(await store.firstEventSeq()).toBe(4);
  expect((await store.prune(rules(33, { eventsMax: 2 }))).events).toBe(5);
  expect((await store.events(0, 100)).map(({ seq }) => seq)).toEqual([9, 10]);
  expect((await store.prune(rules(99))).events).toBe(2);
  expect(await store.firstEventSeq()).toBe(11);
  await temp.reopen();
  await temp.store.createHen({ hen: sampleHen("new"), manifestText: "" });
  expect((await temp.store.events(0, 100)).map(({ seq }) => seq)).toEqual([11]);
});

test("Idempotency-Keys go a day after they came", async () => {
  await using temp = await openTempStore();
  const { store } = temp;
  const hen = { ...sampleHen("ada"), created_at: on(0) };
  await store.createHen({ hen, manifestText: "", once: { key: "k", request: "r" } });
  expect((await store.prune(rules(0.9))).keys).toBe(0);
  expect((await store.prune(rules(1))).keys).toBe(1);
});

test("the report names damage and what was set aside, and is content with a sound store", async () => {
  await using temp = await openTempStore();
  await temp.store.createHen({ hen: sampleHen("ada"), manifestText: "" });
  const sound = await temp.store.inspect();
  expect(sound).toMatchObject({
    ok: true,
    problems: [],
    schema_version: MIGRATIONS.length,
    quarantined: 0,
    rows: { hens: 1 },
  });
  expect(sound.oldest_event?.seq).toBe(1);
  expect(sound.disk.total_bytes).toBeGreaterThan(sound.disk.free_bytes);
  temp.tamper("UPDATE hens SET queued = 7");
  temp.tamper("UPDATE hen_bodies SET body = 'x'");
  await temp.store.hens({}, { limit: 1 });
  await temp.store.putSetting("a", "b");
  const { ok, problems } = await temp.store.inspect();
  expect(ok).toBe(false);
  expect(problems.join("\n")).toContain("queued");
  expect(problems.join("\n")).toContain("1 damaged rows");
});
