import { expect, test } from "bun:test";
import { createIdSource, type Instant, type Job, type JobFilter, type JobId, toInstant } from "coopd-core";
import { NO_LIMITS, sampleHen, sampleJob } from "../testing/samples.ts";
import { openTempStore, type TempStore } from "../testing/temp-store.ts";

const START_MS = Date.UTC(2026, 2, 1);

/** Jobs a second apart, with ids as the daemon makes them. */
async function addJobs(temp: TempStore, count: number, promptOf: (n: number) => string): Promise<readonly Job[]> {
  let nowMs = START_MS;
  const newId = createIdSource({ nowMs: () => nowMs, randomBytes: (size) => new Uint8Array(size) });
  await temp.store.createHen({ hen: sampleHen("ada"), manifestText: "" });
  const jobs = Array.from({ length: count }, (_, n) => {
    nowMs = START_MS + n * 1000;
    const job = sampleJob(1, "ada", { prompt: promptOf(n) });
    return { ...job, id: newId() as JobId, created_at: toInstant(nowMs) };
  });
  const hen = { from: ["IDLE"], moves: [] } as const;
  await Promise.all(jobs.map((job) => temp.store.enqueue({ job, hen, limits: NO_LIMITS })));
  return jobs;
}

function second(n: number): Instant {
  return toInstant(START_MS + n * 1000);
}

test("a range of times is a range of ids, from its first millisecond to before its last", async () => {
  await using temp = await openTempStore();
  const jobs = await addJobs(temp, 6, String);
  const list = async (filter: JobFilter, after?: number) => {
    const page = { limit: 10, ...(after === undefined ? {} : { after: jobs[after]?.id ?? "" }) };
    return (await temp.store.jobs(filter, page)).map(({ prompt }) => Number(prompt));
  };
  expect(await list({ since: second(2), until: second(4) })).toEqual([2, 3]);
  expect(await list({ since: second(2), until: second(4), order: "desc" })).toEqual([3, 2]);
  expect(await list({ since: second(2), status: ["QUEUED"] }, 0)).toEqual([2, 3, 4, 5]);
  expect(await list({ since: second(2) }, 3)).toEqual([4, 5]);
  expect(await list({ until: second(4), order: "desc" }, 5)).toEqual([3, 2, 1, 0]);
  expect(await list({ until: second(4), order: "desc" }, 2)).toEqual([1, 0]);
  expect(await list({ since: second(6) })).toEqual([]);
});

test("a search looks at a bounded number of jobs a step and says where to go on", async () => {
  await using temp = await openTempStore();
  const jobs = await addJobs(temp, 450, (n) => (n % 225 === 224 ? "a Needle" : "hay"));
  const first = await temp.store.searchJobs({}, "needle", { limit: 10 });
  expect(first).toEqual({ jobs: [], next: jobs[199]?.id ?? null });
  const steps = [];
  for (let next: JobId | null = first.next; next !== null; ) {
    const step = await temp.store.searchJobs({}, "needle", { limit: 1, after: next });
    steps.push(step.jobs.map(({ id }) => jobs.findIndex((job) => job.id === id)));
    next = step.next;
  }
  expect(steps.flat()).toEqual([224, 449]);
});
