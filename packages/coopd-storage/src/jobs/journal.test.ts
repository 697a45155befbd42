import { expect, test } from "bun:test";
import type { JournalFact } from "coopd-core";
import { at, henId, jobId, NO_LIMITS, sampleHen, sampleId, sampleJob, settlement } from "../testing/samples.ts";
import { openTempStore, refusal, type TempStore } from "../testing/temp-store.ts";

const note = (text: string): JournalFact => ({ kind: "note", text });

async function withRunningJob(wishes: Parameters<typeof sampleHen>[1] = {}): Promise<TempStore> {
  const temp = await openTempStore();
  await temp.store.createHen({ hen: sampleHen("ada", wishes), manifestText: "" });
  await run(temp, 1);
  return temp;
}

async function run(temp: TempStore, n: number): Promise<void> {
  await temp.store.enqueue({
    job: sampleJob(n, "ada"),
    hen: { from: ["IDLE", "WORKING"], moves: [] },
    limits: NO_LIMITS,
  });
  await temp.store.claim({ count: 1, at: at(n) });
}

const settle = (temp: TempStore, n: number, seconds = 50, status?: "DONE" | "FAILED" | "CANCELLED") =>
  temp.store.settle({ jobId: jobId(n), epoch: 1, at: at(seconds), facts: [], settlement: settlement(n, status) });

test("who does not hold the job appends and settles nothing", async () => {
  await using temp = await withRunningJob();
  const { store } = temp;
  const append = (n: number, epoch: number) =>
    refusal(store.append({ jobId: jobId(n), epoch, at: at(2), facts: [note("late")] }));
  expect((await append(9, 1)).code).toBe("job_not_found");
  expect(await append(1, 0)).toMatchObject({ code: "stale_epoch", details: { found: 1 } });
  expect((await append(1, 2)).code).toBe("stale_epoch");
  const late = { jobId: jobId(1), epoch: 0, at: at(2), facts: [note("late")], settlement: settlement(1) };
  expect((await refusal(store.settle(late))).code).toBe("stale_epoch");
  expect((await refusal(store.settle({ ...late, jobId: jobId(9) }))).code).toBe("job_not_found");
  await settle(temp, 1);
  expect((await append(1, 1)).code).toBe("stale_epoch");
  expect((await refusal(settle(temp, 1))).code).toBe("stale_epoch");
  expect(await store.journal(jobId(1), { after: 0, limit: 9 })).toMatchObject([{ kind: "settled" }]);
  expect(await store.counts()).toMatchObject({ queued: 0, running: 0 });
});

test("facts are appended in order without gaps, with turns and tokens, and read page by page", async () => {
  await using temp = await withRunningJob();
  const { store } = temp;
  const usage = { input_tokens: 10, output_tokens: 5, cache_tokens: 1, cache_write_tokens: 0 };
  const facts = [note("a"), note("b")];
  const last = await store.append({ jobId: jobId(1), epoch: 1, at: at(3), facts, progress: { turns: 2, usage } });
  const entries = await store.journal(jobId(1), { after: 0, limit: 9 });
  expect(entries).toEqual([
    { kind: "note", text: "a", seq: 1, at: at(3), epoch: 1 },
    { kind: "note", text: "b", seq: 2, at: at(3), epoch: 1 },
  ]);
  expect(last).toBe(2);
  expect(await store.job(jobId(1))).toMatchObject({ turns: 2, usage, updated_at: at(3) });
  await store.append({ jobId: jobId(1), epoch: 1, at: at(4), facts: [note("c")] });
  expect(await store.job(jobId(1))).toMatchObject({ turns: 2, usage });
  expect(await store.journal(jobId(1), { after: 1, limit: 1 })).toEqual([entries[1] as never]);
  expect(await store.journal(jobId(1), { after: 2, limit: 9 })).toMatchObject([{ seq: 3 }]);
  expect(await store.journal(jobId(9), { after: 0, limit: 9 })).toEqual([]);
});

test("50 appends at once each find their own place", async () => {
  await using temp = await withRunningJob();
  await Promise.all(
    Array.from({ length: 50 }, (_, n) =>
      temp.store.append({ jobId: jobId(1), epoch: 1, at: at(2), facts: [note(`${n}a`), note(`${n}b`)] }),
    ),
  );
  const journal = await temp.store.journal(jobId(1), { after: 0, limit: 200 });
  expect(journal.map(({ seq }) => seq)).toEqual(Array.from({ length: 100 }, (_, n) => n + 1));
});

test("a settled job is terminal, remembered and its hen idle at the same moment, with events in this order", async () => {
  await using temp = await withRunningJob();
  const { store } = temp;
  const seen: unknown[] = [];
  store.subscribe(() =>
    seen.push(Promise.all([store.job(jobId(1)), store.episodes(henId("ada"), 9), store.hen(henId("ada"))])),
  );
  const job = await store.settle({
    jobId: jobId(1),
    epoch: 1,
    at: at(9),
    facts: [note("end")],
    settlement: settlement(1),
  });
  expect(job).toMatchObject({ status: "DONE", result: "result 1", ended_at: at(9), started_at: at(1), turns: 1 });
  expect(await Promise.all(seen)).toMatchObject([[{ status: "DONE" }, [{ job_id: jobId(1) }], { state: "IDLE" }]]);
  expect(await store.journal(jobId(1), { after: 0, limit: 9 })).toMatchObject([
    { kind: "note", seq: 1 },
    { kind: "settled", seq: 2, status: "DONE", result: "result 1", error: null, error_code: null },
  ]);
  expect(temp.events.slice(-3)).toMatchObject([
    { type: "job_status_changed", status: "DONE", job_id: jobId(1) },
    { type: "memory_recorded", hen_id: henId("ada"), entry_id: sampleId(1_000_001) },
    { type: "hen_state_changed", from: "WORKING", to: "IDLE" },
  ]);
});

test("a failed job is remembered as failed, a cancelled one not at all", async () => {
  await using temp = await withRunningJob();
  expect(await settle(temp, 1, 50, "FAILED")).toMatchObject({
    error: "error 1",
    error_code: "tool_failed",
    result: null,
  });
  await run(temp, 2);
  await settle(temp, 2, 51, "CANCELLED");
  expect(await temp.store.episodes(henId("ada"), 9)).toMatchObject([
    { job_id: jobId(1), outcome: "failed", summary: "(failed) error 1" },
  ]);
});

test("a hen with two running jobs stays WORKING until the last of them ends", async () => {
  await using temp = await withRunningJob({ slots: 2 });
  await run(temp, 2);
  await settle(temp, 1);
  expect((await temp.store.hen(henId("ada")))?.state).toBe("WORKING");
  await settle(temp, 2);
  expect((await temp.store.hen(henId("ada")))?.state).toBe("IDLE");
  expect(await temp.store.findFaults()).toEqual([]);
});

test("settling drops the hen's episodes that are older than it keeps them, and only this hen's", async () => {
  await using temp = await withRunningJob({ retentionDays: 2 });
  const { store } = temp;
  const day = 86_400;
  await store.createHen({ hen: sampleHen("bob"), manifestText: "" });
  await store.enqueue({ job: sampleJob(70, "bob"), hen: { from: ["IDLE"], moves: [] }, limits: NO_LIMITS });
  await store.claim({ count: 1, at: at(2) });
  await settle(temp, 70, 0);
  await settle(temp, 1, 0);
  await run(temp, 2);
  await settle(temp, 2, day);
  await run(temp, 3);
  await settle(temp, 3, 2 * day);
  const remembered = async (name: string) => (await store.episodes(henId(name), 9)).map(({ job_id }) => job_id);
  expect(await remembered("ada")).toEqual([jobId(1), jobId(2), jobId(3)]);
  await run(temp, 4);
  await settle(temp, 4, 2 * day + 1);
  expect(await remembered("ada")).toEqual([jobId(2), jobId(3), jobId(4)]);
  expect(await remembered("bob")).toEqual([jobId(70)]);
});

test("the newest episodes are given oldest first, and forgetting says how many there were", async () => {
  await using temp = await withRunningJob();
  const { store } = temp;
  await settle(temp, 1);
  for (const n of [2, 3]) {
    await run(temp, n);
    await settle(temp, n);
  }
  expect((await store.episodes(henId("ada"), 2)).map(({ job_id }) => job_id)).toEqual([jobId(2), jobId(3)]);
  expect(await store.forget(henId("nobody"), at(60))).toBe(0);
  expect(await store.forget(henId("ada"), at(60))).toBe(3);
  expect(await store.forget(henId("ada"), at(61))).toBe(0);
  expect(await store.episodes(henId("ada"), 9)).toEqual([]);
  expect(temp.events.filter(({ type }) => type === "memory_forgotten")).toMatchObject([{ count: 3, at: at(60) }]);
});
