import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Claim } from "coopd-core";
import { openStore, type SqliteStore } from "../src/index.ts";
import { at, henId, jobId, NO_LIMITS, sampleHen, sampleJob, settlement } from "../src/testing/samples.ts";

// `bun bench/store.ts [DIR]`: durable cycles a second (enqueue, claim, settle) with 1, 50 and 512 writers, listings of
// 100,000 jobs, start-up and memory. DIR is where the store is made; its disk is what is measured.
const JOBS = 100_000;
const WRITERS = [1, 50, 512];
const SECONDS_EACH = 4;

let lastJob = 0;

async function main(): Promise<void> {
  const dataDir = mkdtempSync(join(process.argv[2] ?? tmpdir(), "coop-bench-"));
  try {
    let store = await openStore({ dataDir });
    for (let hen = 0; hen < 1_000; hen += 1) await store.createHen({ hen: sampleHen(`h${hen}`), manifestText: "" });
    for (const writers of WRITERS) await measureCycles(store, writers);
    await fill(store);
    await measureReads(store);
    await store.close();
    const start = performance.now();
    store = await openStore({ dataDir });
    await store.takeOver(at());
    await store.counts();
    say("open with 1,000 hens and 100,000 jobs", `${ms(start)} ms`);
    Bun.gc(true);
    say("resident memory after that", `${(process.memoryUsage().rss / 1e6).toFixed(0)} MB`);
    const empty = performance.now();
    await store.close();
    say("close", `${ms(empty)} ms`);
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

/** Each writer is a client with a hen of its own: submits, has the job claimed, settles it, each step durable. */
async function measureCycles(store: SqliteStore, writers: number): Promise<void> {
  const waiting = new Map<string, (claim: Claim) => void>();
  const claimNext = async () => {
    for (const claim of await store.claim({ count: 64, at: at() })) waiting.get(claim.job.id)?.(claim);
  };
  const before = store.stats();
  const end = performance.now() + SECONDS_EACH * 1_000;
  let cycles = 0;
  const writer = async (hen: number) => {
    while (performance.now() < end) {
      lastJob += 1;
      const job = sampleJob(lastJob, `h${hen}`);
      const claimed = new Promise<Claim>((resolve) => waiting.set(job.id, resolve));
      await store.enqueue({ job, hen: { from: ["IDLE"], moves: [] }, limits: NO_LIMITS });
      await claimNext();
      const { epoch } = await claimed;
      waiting.delete(job.id);
      const n = Number.parseInt(job.id.slice(-12), 16);
      await store.settle({ jobId: job.id, epoch, at: at(), facts: [], settlement: settlement(n) });
      cycles += 1;
    }
  };
  const start = performance.now();
  await Promise.all(Array.from({ length: writers }, (_, hen) => writer(hen)));
  const seconds = (performance.now() - start) / 1_000;
  const after = store.stats();
  const perCommit = (after.writes - before.writes) / (after.commits - before.commits);
  say(
    `${writers} writers`,
    `${Math.round(cycles / seconds)} cycles/s, ${Math.round((after.commits - before.commits) / seconds)} commits/s, ` +
      `${perCommit.toFixed(1)} writes a commit`,
  );
}

/** Up to {@link JOBS} jobs on one farm, spread over all hens. */
async function fill(store: SqliteStore): Promise<void> {
  const start = performance.now();
  const first = lastJob;
  while (lastJob < JOBS) {
    const group = Array.from({ length: Math.min(2_000, JOBS - lastJob) }, () => {
      lastJob += 1;
      const job = sampleJob(lastJob, `h${lastJob % 1_000}`);
      return store.enqueue({ job, hen: { from: ["IDLE", "WORKING"], moves: [] }, limits: NO_LIMITS });
    });
    await Promise.all(group);
  }
  say("submit alone", `${Math.round(((lastJob - first) / (performance.now() - start)) * 1_000)} jobs/s`);
}

async function measureReads(store: SqliteStore): Promise<void> {
  const page = { limit: 50 };
  const middle = { limit: 50, after: jobId(JOBS / 2) };
  await measure("list 50 of 100,000 jobs, from the middle", () => store.jobs({}, middle));
  await measure("the same, of one hen", () => store.jobs({ henId: henId("h7") }, page));
  await measure("the same, DONE or QUEUED", () => store.jobs({ status: ["DONE", "QUEUED"] }, middle));
  await measure("50 newest", () => store.latestJobs(50));
  await measure("1,000 jobs", () => store.jobs({}, { limit: 1_000, after: jobId(JOBS / 2) }));
  await measure("counts", () => store.counts());
  await measure("one job", () => store.job(jobId(5)));
}

async function measure(what: string, read: () => Promise<unknown>): Promise<void> {
  const times: number[] = [];
  for (let round = 0; round < 200; round += 1) {
    const start = performance.now();
    await read();
    times.push(performance.now() - start);
  }
  times.sort((a, b) => a - b);
  say(what, `median ${times[100]?.toFixed(2)} ms, p99 ${times[198]?.toFixed(2)} ms`);
}

function ms(start: number): string {
  return (performance.now() - start).toFixed(0);
}

function say(what: string, figures: string): void {
  process.stdout.write(`${what.padEnd(44)} ${figures}\n`);
}

await main();
