import { expect, test } from "bun:test";
import { at, henId, jobId, NO_LIMITS, sampleHen, sampleId, sampleJob, settlement } from "../testing/samples.ts";
import { openTempStore, refusal, type TempStore } from "../testing/temp-store.ts";

const FROM = ["IDLE", "WORKING"] as const;

async function withHens(...names: readonly string[]): Promise<TempStore> {
  const temp = await openTempStore();
  for (const name of names) await temp.store.createHen({ hen: sampleHen(name, { slots: 2 }), manifestText: "" });
  return temp;
}

const enqueue = (temp: TempStore, n: number, hen: string) =>
  temp.store.enqueue({ job: sampleJob(n, hen), hen: { from: FROM, moves: [] }, limits: NO_LIMITS });

const breakJob = (temp: TempStore, n: number, body = "{") =>
  temp.tamper(`UPDATE job_texts SET body = '${body}' WHERE job_no = (SELECT no FROM jobs WHERE id = '${jobId(n)}')`);

const keys = async (temp: TempStore) => (await temp.store.quarantined()).map(({ table, key }) => `${table} ${key}`);

test("a damaged hen is absent from lists, keeps its name, runs nothing, and can be deleted", async () => {
  await using temp = await withHens("ada", "bob", "cyd");
  const { store } = temp;
  await enqueue(temp, 1, "bob");
  temp.tamper(`UPDATE hen_bodies SET body = substr(body, 9) WHERE hen_id = '${henId("bob")}'`);
  expect((await store.hens({}, { limit: 2 })).map(({ id }) => id)).toEqual([henId("ada"), henId("cyd")]);
  expect(await store.quarantined()).toEqual([{ table: "hens", key: henId("bob"), reason: "is not JSON" }]);
  expect(temp.warnings).toEqual([expect.stringContaining("set aside")]);
  expect(await store.hen(henId("bob"))).toBeUndefined();
  expect((await refusal(enqueue(temp, 2, "bob"))).code).toBe("hen_not_found");
  expect((await refusal(store.createHen({ hen: sampleHen("bob"), manifestText: "" }))).code).toBe("hen_exists");
  expect(await store.claim({ count: 9, at: at(5) })).toEqual([]);
  expect((await store.counts()).hensByState).toEqual({ IDLE: 2 });
  expect(await store.findFaults()).toEqual([]);
  await store.deleteHen(henId("bob"), at(6));
  expect(await store.quarantined()).toEqual([]);
});

test("a damaged job leaves the queue and the counts; its neighbours are listed and run", async () => {
  await using temp = await withHens("ada");
  const { store } = temp;
  for (const n of [1, 2, 3]) await enqueue(temp, n, "ada");
  breakJob(temp, 1, '{"id":"another"}');
  const claims = await store.claim({ count: 9, at: at(9) });
  expect(claims.map(({ job }) => job.id)).toEqual([jobId(2), jobId(3)]);
  expect(await keys(temp)).toEqual([`jobs ${jobId(1)}`]);
  expect(await store.job(jobId(1))).toBeUndefined();
  expect(await store.counts()).toMatchObject({ queued: 0, running: 2 });
  expect(await store.findFaults()).toEqual([]);
  breakJob(temp, 2);
  const late = { jobId: jobId(2), epoch: 1, at: at(10), facts: [], settlement: settlement(2) };
  expect((await refusal(store.settle(late))).code).toBe("stale_epoch");
  expect(await store.counts()).toMatchObject({ running: 1, hensByState: { WORKING: 1 } });
  breakJob(temp, 3);
  expect(await store.jobs({}, { limit: 9 })).toEqual([]);
  expect(await keys(temp)).toHaveLength(3);
  expect((await store.hen(henId("ada")))?.state).toBe("IDLE");
  expect(await store.findFaults()).toEqual([]);
});

test("a job whose journal has a damaged entry does not go on, since steps could be repeated; it says so and ends", async () => {
  await using temp = await withHens("ada");
  const { store } = temp;
  await enqueue(temp, 1, "ada");
  await enqueue(temp, 2, "ada");
  await store.claim({ count: 9, at: at(3) });
  const facts = [
    { kind: "note", text: "a" },
    { kind: "note", text: "b" },
  ] as const;
  for (const n of [1, 2]) await store.append({ jobId: jobId(n), epoch: 1, at: at(4), facts });
  temp.tamper(`UPDATE journal SET body = '{"kind":"nothing"}' WHERE seq = 1 AND job_no = 1`);
  const claims = await store.takeOver(at(5));
  expect(claims.map(({ job }) => job.id)).toEqual([jobId(2)]);
  expect(await store.job(jobId(1))).toMatchObject({ status: "FAILED", error_code: "interrupted", ended_at: at(5) });
  expect(await store.journal(jobId(1), { after: 0, limit: 9 })).toMatchObject([
    { kind: "note", seq: 2 },
    { kind: "settled", seq: 3, status: "FAILED" },
  ]);
  expect(await keys(temp)).toEqual([`journal ${jobId(1)}:1`]);
  expect(temp.events.at(-1)).toMatchObject({ type: "job_status_changed", status: "FAILED", job_id: jobId(1) });
  expect(await store.counts()).toMatchObject({ running: 1, hensByState: { WORKING: 1 } });
  expect(await store.findFaults()).toEqual([]);
});

test("running jobs of a damaged hen end after a restart, so that it can be deleted", async () => {
  await using temp = await withHens("ada");
  await enqueue(temp, 1, "ada");
  await temp.store.claim({ count: 1, at: at(3) });
  temp.tamper("UPDATE hen_bodies SET body = '[]'");
  await temp.reopen();
  expect(await temp.store.takeOver(at(4))).toEqual([]);
  expect(await temp.store.job(jobId(1))).toMatchObject({ status: "FAILED", error_code: "interrupted" });
  expect(await keys(temp)).toEqual([`hens ${henId("ada")}`]);
  expect(await temp.store.findFaults()).toEqual([]);
  await temp.store.deleteHen(henId("ada"), at(5));
  expect(await temp.store.counts()).toMatchObject({ running: 0, hensByState: {} });
});

test("a damaged episode, task or event is passed over, and the page is filled up with the next", async () => {
  await using temp = await withHens("ada");
  const { store } = temp;
  for (const n of [1, 2, 3]) {
    await enqueue(temp, n, "ada");
    const [claim] = await store.claim({ count: 1, at: at(n) });
    await store.settle({ jobId: jobId(n), epoch: claim?.epoch ?? 0, at: at(n), facts: [], settlement: settlement(n) });
    const made = { created_at: at(n), updated_at: at(n), claimed_by: null, required_agent_kind: null, lease_id: null };
    await store.createTask({ id: sampleId<never>(n), prompt: "p", status: "PENDING", ...made });
  }
  temp.tamper(`UPDATE episodes SET body = 'null' WHERE id = '${sampleId<never>(1_000_002)}'`);
  temp.tamper(`UPDATE tasks SET body = json_remove(body, '$.prompt') WHERE id = '${sampleId<never>(2)}'`);
  temp.tamper("UPDATE events SET body = '{\"type\":7}' WHERE seq = 2");
  expect((await store.episodes(henId("ada"), 2)).map(({ job_id }) => job_id)).toEqual([jobId(1), jobId(3)]);
  expect((await store.tasks({ limit: 2 })).map(({ id }) => id)).toEqual([sampleId<never>(3), sampleId<never>(1)]);
  expect((await store.events(0, 3)).map(({ seq }) => seq)).toEqual([1, 3, 4]);
  const reasons = (await store.quarantined()).map(({ table, reason }) => `${table} ${reason}`).sort();
  expect(reasons).toEqual([
    "episodes is null, not an object",
    "events type is number, not text",
    "tasks prompt is undefined, not text",
  ]);
  expect(await store.forget(henId("ada"), at(9))).toBe(3);
  expect((await store.quarantined()).map(({ table }) => table).sort()).toEqual(["events", "tasks"]);
});

test("every row damaged at once is a listing without rows, not an error", async () => {
  await using temp = await withHens(...Array.from({ length: 40 }, (_, n) => `h${n}`));
  temp.tamper("UPDATE hen_bodies SET body = 'x'");
  expect(await temp.store.hens({}, { limit: 5 })).toEqual([]);
  expect(await temp.store.quarantined()).toHaveLength(40);
  await temp.reopen();
  expect(await temp.store.hens({}, { limit: 5 })).toEqual([]);
});

test("an operation that would store what cannot be read is refused and stores nothing", async () => {
  await using temp = await openTempStore();
  const shapeless = { id: sampleId<never>(1), status: "PENDING", claimed_by: null, updated_at: at() };
  expect((await refusal(temp.store.createTask(shapeless as never))).code).toBe("internal");
  expect(await temp.store.tasks({ limit: 9 })).toEqual([]);
  expect(await temp.store.quarantined()).toEqual([]);
});
