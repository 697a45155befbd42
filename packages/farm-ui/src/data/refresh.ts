import { CoopError, type Job } from "coopd-core";
import { client } from "./client.ts";
import { attention, doctor, farm, hens, jobs, progress, vault } from "./farm-state.ts";
import { atMostEvery } from "./frame.ts";

/** Ended jobs that the page keeps beside those that wait or run. */
const RECENT_JOBS = 100;
/** More changed rows than this are fetched as a list: one request instead of many. */
const SINGLE_READS_MAX = 12;
/** The least time between two reads of the same thing, ms: as fast as a person can follow, whatever the farm does. */
const REST_MS = { hens: 250, jobs: 250, attention: 250, farm: 3_000, vault: 1_000, doctor: 60_000 };

const dirtyHens = new Set<string>();
const dirtyJobs = new Set<string>();

/** Everything anew; resolves once hens, jobs and what needs a person are there. @throws CoopError */
export async function readSnapshot(): Promise<void> {
  dirtyHens.clear();
  dirtyJobs.clear();
  await Promise.all([readHens(), readJobs(), readAttention()]);
  const known = jobs.peek();
  progress.value = new Map([...progress.peek()].filter(([id]) => known.get(id)?.status === "RUNNING"));
  vaultChanged();
  if (doctor.peek() === undefined) doctorChanged();
}

async function readHens(): Promise<void> {
  hens.value = new Map((await client.hens.list()).map((hen) => [hen.id, hen]));
}

async function readJobs(): Promise<void> {
  const [open, recent] = await Promise.all([
    Array.fromAsync(client.jobs.list({ status: ["RUNNING", "QUEUED"], pageRows: 1_000 })),
    newest(RECENT_JOBS),
  ]);
  jobs.value = new Map([...recent, ...open].map((job) => [job.id, job]));
}

async function newest(count: number): Promise<readonly Job[]> {
  const found: Job[] = [];
  for await (const job of client.jobs.list({ order: "desc", pageRows: count })) {
    found.push(job);
    if (found.length === count) break;
  }
  return found;
}

async function readAttention(): Promise<void> {
  attention.value = await client.attention.list();
}

/** A hen is new, or its manifest is another: it is read, soon. */
export function henChanged(id: string): void {
  dirtyHens.add(id);
  readDirtyHens();
}

/** A job is new, or has ended: it is read, soon. */
export function jobChanged(id: string): void {
  dirtyJobs.add(id);
  readDirtyJobs();
}

const readDirtyHens = atMostEvery(REST_MS.hens, async () => {
  const ids = [...dirtyHens];
  dirtyHens.clear();
  if (ids.length > SINGLE_READS_MAX) return readHens();
  const found = await Promise.all(ids.map((id) => orGone(client.hens.get(id), "hen_not_found")));
  const next = new Map(hens.peek());
  found.forEach((hen, at) => {
    if (hen === undefined) next.delete(ids[at] ?? "");
    else next.set(hen.id, hen);
  });
  hens.value = next;
});

const readDirtyJobs = atMostEvery(REST_MS.jobs, async () => {
  const ids = [...dirtyJobs];
  dirtyJobs.clear();
  if (ids.length > SINGLE_READS_MAX) return readJobs();
  const found = await Promise.all(ids.map((id) => orGone(client.jobs.get(id), "job_not_found")));
  const next = new Map(jobs.peek());
  found.forEach((job, at) => {
    if (job === undefined) next.delete(ids[at] ?? "");
    else next.set(job.id, job);
  });
  jobs.value = withoutOld(next);
});

/** Keeps what waits or runs, and the newest of the rest; ids are made of the time. */
function withoutOld(all: ReadonlyMap<string, Job>): ReadonlyMap<string, Job> {
  if (all.size <= 2 * RECENT_JOBS) return all;
  const ended = [...all.values()].filter(({ status }) => status !== "RUNNING" && status !== "QUEUED");
  const old = ended.sort((a, b) => (a.id < b.id ? 1 : -1)).slice(RECENT_JOBS);
  const next = new Map(all);
  for (const { id } of old) next.delete(id);
  return next;
}

async function orGone<T>(reading: Promise<T>, code: string): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof CoopError && error.code === code) return undefined;
    throw error;
  }
}

/** The list of what needs a person may be another. */
export const attentionChanged = atMostEvery(REST_MS.attention, readAttention);

/** The farm's sums may be others: today's spend, how its host is pressed. */
export const farmChanged = atMostEvery(REST_MS.farm, async () => {
  farm.value = await client.farm();
});

/** The vault may be open or shut now. */
export const vaultChanged = atMostEvery(REST_MS.vault, async () => {
  vault.value = await client.vault.status();
});

/** What the host enforces is measured anew; it takes up to some seconds. */
export const doctorChanged = atMostEvery(REST_MS.doctor, async () => {
  doctor.value = await client.doctor();
});
