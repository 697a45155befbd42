import { expect, test } from "bun:test";
import { rmSync } from "node:fs";
import { type Job, PAGE_MAX } from "coopd-core";
import { openStore, type SqliteStore } from "../index.ts";
import { startChild } from "../testing/child-process.ts";
import { henId, jobId } from "../testing/samples.ts";
import { makeTempDir } from "../testing/temp-store.ts";

/** Lines after which the writer is killed, each time somewhere else in its stream. */
const KILLS = [60, 1, 217, 33, 500, 124];

test("after kill -9 in mid-stream everything that was promised is there, and nothing is half there", async () => {
  const dataDir = makeTempDir();
  const promised = new Map<number, { claimed: number; notes: number; isSettled: boolean }>();
  let first = 1;
  for (const lines of KILLS) {
    for (const line of await readUntilKilled(dataDir, first, lines)) {
      const [step, n = 0, value = 0] = line.split(" ").map((word, index) => (index === 0 ? word : Number(word)));
      const job = promised.get(Number(n)) ?? { claimed: 0, notes: 0, isSettled: false };
      if (step === "claim") job.claimed = Number(value);
      if (step === "note") job.notes = Number(value);
      if (step === "settle") job.isSettled = true;
      promised.set(Number(n), job);
    }
    first = 1 + Math.max(first, ...promised.keys()) + 1_000; // past whatever was under way and not promised
    const store = await openStore({ dataDir });
    expect(await store.findFaults()).toEqual([]);
    await expectPromisesKept(store, promised);
    await expectNothingHalf(store);
    await store.close();
  }
  expect([...promised.values()].some(({ isSettled }) => isSettled)).toBe(true);
  rmSync(dataDir, { recursive: true });
}, 60_000);

async function readUntilKilled(dataDir: string, first: number, count: number): Promise<readonly string[]> {
  await using child = startChild("writer-process.ts", [dataDir, String(first)]);
  const lines: string[] = [];
  for (let line = await child.readLine(); line !== undefined; line = await child.readLine()) {
    if (line === "ready") continue;
    lines.push(line);
    if (lines.length === count) await child.kill();
  }
  return lines;
}

async function expectPromisesKept(
  store: SqliteStore,
  promised: ReadonlyMap<number, { readonly claimed: number; readonly notes: number; readonly isSettled: boolean }>,
): Promise<void> {
  for (const [n, { claimed, notes, isSettled }] of promised) {
    const job = await store.job(jobId(n));
    const journal = await store.journal(jobId(n), { after: 0, limit: 99 });
    if (isSettled) expect(job).toMatchObject({ status: "DONE", result: `result ${n}` });
    else expect(job?.status).toBeOneOf(claimed > 0 ? ["RUNNING", "DONE"] : ["QUEUED", "RUNNING", "DONE"]);
    expect(journal.filter(({ kind }) => kind === "note").length).toBeGreaterThanOrEqual(notes);
  }
}

/** Each job's row, journal, episode and event are of one moment; so are a hen's state and its running jobs. */
async function expectNothingHalf(store: SqliteStore): Promise<void> {
  const jobs: Job[] = [];
  for (let page: readonly Job[] = [{ id: "" } as Job]; page.length > 0; jobs.push(...page)) {
    page = await store.jobs({}, { limit: PAGE_MAX, after: page.at(-1)?.id ?? "" });
  }
  const ended = new Set((await allEvents(store)).filter((event) => "status" in event && event.status === "DONE"));
  const settledIds = new Set([...ended].map((event) => ("job_id" in event ? event.job_id : "")));
  const remembered = new Set<string>();
  for (const hen of await store.hens({}, { limit: 99 })) {
    for (const { job_id } of await store.episodes(hen.id, PAGE_MAX)) remembered.add(job_id);
    const running = jobs.filter(({ hen_id, status }) => hen_id === hen.id && status === "RUNNING");
    expect(hen.state).toBe(running.length > 0 ? "WORKING" : "IDLE");
  }
  for (const { id, status } of jobs) {
    const journal = await store.journal(id, { after: 0, limit: 99 });
    const isDone = status === "DONE";
    expect([settledIds.has(id), remembered.has(id), journal.at(-1)?.kind === "settled"]).toEqual([
      isDone,
      isDone,
      isDone,
    ]);
  }
  expect(await store.hen(henId("h7"))).toBeDefined();
}

async function allEvents(store: SqliteStore) {
  const all = [];
  for (let since = 0; ; since = all.at(-1)?.seq ?? since) {
    const page = await store.events(since, PAGE_MAX);
    all.push(...page);
    if (page.length < PAGE_MAX) return all;
  }
}
