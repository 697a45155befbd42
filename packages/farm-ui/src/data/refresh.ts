import { type AttentionItem, CoopError, type Job } from "coopd-core";
import { client } from "./client.ts";
import { attention, doctor, farm, hens, jobs, progress, vault } from "./farm-state.ts";
import { atMostEvery } from "./frame.ts";
import { loginIfEnded } from "./login.ts";
import { Overtaken } from "./overtaken.ts";

/** Ended jobs that the page keeps beside those that wait or run. */
const RECENT_JOBS = 100;
/** Waiting jobs that the page keeps, the next ones to run; a farm may hold 200,000, and its sums say how many there are. */
const QUEUED_JOBS = 500;
/** Of one answer; results may be long. */
const PAGE_ROWS = 200;
/** More changed rows than this are fetched as a list: one request instead of many. */
const SINGLE_READS_MAX = 12;
/** The least time between two reads of the same thing, ms: as fast as a person can follow, whatever the farm does. */
const REST_MS = { hens: 250, jobs: 250, attention: 250, farm: 3_000, vault: 1_000, doctor: 60_000 };

const dirtyHens = new Set<string>();
const dirtyJobs = new Set<string>();
const overtakenHens = new Overtaken(henChanged);
const overtakenJobs = new Overtaken(jobChanged);

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

function readHens(): Promise<void> {
  return overtakenHens.during(async () => {
    hens.value = new Map((await client.hens.list()).map((hen) => [hen.id, hen]));
  });
}

function readJobs(): Promise<void> {
  return overtakenJobs.during(async () => {
    const [running, queued, recent] = await Promise.all([
      Array.fromAsync(client.jobs.list({ status: ["RUNNING"], pageRows: PAGE_ROWS })), // the farm bounds how many run
      first(QUEUED_JOBS, { status: ["QUEUED"] }),
      first(RECENT_JOBS, { order: "desc" }),
    ]);
    jobs.value = new Map([...recent, ...queued, ...running].map((job) => [job.id, job]));
  });
}

async function first(count: number, options: Parameters<typeof client.jobs.list>[0]): Promise<readonly Job[]> {
  const found: Job[] = [];
  for await (const job of client.jobs.list({ ...options, pageRows: Math.min(count, PAGE_ROWS) })) {
    found.push(job);
    if (found.length === count) break;
  }
  return found;
}

let attentionReads = 0;
let attentionShown = 0;

/** Two reads may answer in the other order; the one that was asked later is the newer. */
async function readAttention(): Promise<void> {
  attentionReads += 1;
  const read = attentionReads;
  const items = await client.attention.list();
  if (read < attentionShown) return;
  attentionShown = read;
  for (const id of heldBy([...attention.peek(), ...items])) henChanged(id); // no event tells what a hen lacks
  attention.value = items;
}

/** Hens whose jobs wait for something that a person brings. */
function heldBy(items: readonly AttentionItem[]): ReadonlySet<string> {
  return new Set(items.flatMap(({ kind, hen_id }) => (/^(?:vault_needed|walls_missing)$/.test(kind) ? [hen_id] : [])));
}

/** What an event says of a hen stands in the page's picture already; a read that began before it must not take it back. */
export function henHeard(id: string): void {
  overtakenHens.heard(id);
}

/** A hen is new, or its manifest is another: it is read, soon. */
export function henChanged(id: string): void {
  overtakenHens.heard(id);
  dirtyHens.add(id);
  readDirtyHens();
}

/** A job is new, or has ended: it is read, soon. */
export function jobChanged(id: string): void {
  overtakenJobs.heard(id);
  dirtyJobs.add(id);
  readDirtyJobs();
}

const readDirtyHens = atMostEvery(REST_MS.hens, () => takeAll(dirtyHens, readHensOf));

async function readHensOf(ids: readonly string[]): Promise<void> {
  if (ids.length > SINGLE_READS_MAX) return readHens();
  const read = (id: string) => orGone(client.hens.get(id), "hen_not_found");
  const found = await overtakenHens.during(() => Promise.all(ids.map(read)));
  const next = new Map(hens.peek());
  found.forEach((hen, at) => {
    if (hen === undefined) next.delete(ids[at] ?? "");
    else next.set(hen.id, hen);
  });
  hens.value = next;
}

const readDirtyJobs = atMostEvery(REST_MS.jobs, () => takeAll(dirtyJobs, readJobsOf));

async function readJobsOf(ids: readonly string[]): Promise<void> {
  if (ids.length > SINGLE_READS_MAX) return readJobs();
  const read = (id: string) => orGone(client.jobs.get(id), "job_not_found");
  const found = await overtakenJobs.during(() => Promise.all(ids.map(read)));
  const next = new Map(jobs.peek());
  found.forEach((job, at) => {
    if (job === undefined) next.delete(ids[at] ?? "");
    else next.set(job.id, job);
  });
  jobs.value = withoutOld(next);
}

/** Reads what is marked; what could not be read stays so. */
async function takeAll(dirty: Set<string>, read: (ids: readonly string[]) => Promise<void>): Promise<void> {
  const ids = [...dirty];
  dirty.clear();
  try {
    await read(ids);
  } catch (error) {
    for (const id of ids) dirty.add(id);
    loginIfEnded(error);
    throw error;
  }
}

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
