import { computed, signal } from "@preact/signals";
import type { HenAnswer } from "coop-client";
import type { Job } from "coopd-core";
import { shortName } from "../../app/addresses.ts";
import { attention, hens, type JobStep, jobs, progress } from "../../data/farm-state.ts";
import { now } from "../../kit/time.tsx";

/** Where a hen stands in the list: what needs a person first. */
export type FlockGroup = "needs" | "working" | "ready" | "away";

/** The groups in their order, as they are headed. */
export const GROUPS: readonly (readonly [FlockGroup, string])[] = [
  ["needs", "Needs you"],
  ["working", "Working"],
  ["ready", "Ready"],
  ["away", "Eggs and away"],
];

/** A hen with what it does. */
export interface Member {
  readonly hen: HenAnswer;
  readonly name: string;
  /** The job that runs, else the next that waits, else the last that ended. */
  readonly job: Job | undefined;
  readonly step: JobStep | undefined;
  readonly group: FlockGroup;
}

/** A hen that has just stopped working stays among those that work for so long, ms: rows that jump cannot be read. */
const REST_MS = 5_000;
const workedAt = new Map<string, number>();

const jobsByHen = computed(() => {
  const found = new Map<string, Job>();
  for (const job of jobs.value.values()) {
    const best = found.get(job.hen_id);
    if (best === undefined || isBefore(job, best)) found.set(job.hen_id, job);
  }
  return found;
});

const RANK: Readonly<Record<Job["status"], number>> = { RUNNING: 0, QUEUED: 1, DONE: 2, FAILED: 2, CANCELLED: 2 };

/** Ids are made of the time: of those that wait the oldest is next, of those that ended the youngest is the last. */
function isBefore(a: Job, b: Job): boolean {
  if (RANK[a.status] !== RANK[b.status]) return RANK[a.status] < RANK[b.status];
  return RANK[a.status] === 2 ? a.id > b.id : a.id < b.id;
}

/** The job of a hen that says most about it; see {@link Member}. */
export function jobOf(henId: string): Job | undefined {
  return jobsByHen.value.get(henId);
}

/** Hens that something of what needs a person is about. */
export const needy = computed<ReadonlySet<string>>(() => new Set(attention.value.map(({ hen_id }) => hen_id)));

/** Every hen, by id. */
export const members = computed<readonly Member[]>(() => {
  const atMs = now.value;
  const steps = progress.value;
  return [...hens.value.values()].map((hen) => {
    const job = jobsByHen.value.get(hen.id);
    const step = job?.status === "RUNNING" ? steps.get(job.id) : undefined;
    return same({ hen, name: shortName(hen.id), job, step, group: groupOf(hen, job, atMs) });
  });
});

const last = new Map<string, Member>();

/** The very object of before where nothing about the hen is another, so that what shows it is not drawn again. */
function same(next: Member): Member {
  const before = last.get(next.hen.id);
  if (before !== undefined && before.hen === next.hen && before.job === next.job) {
    if (before.step === next.step && before.group === next.group) return before;
  }
  if (last.size > 2 * hens.peek().size + SPARE) last.clear(); // hens that are gone
  last.set(next.hen.id, next);
  return next;
}

const SPARE = 100;

function groupOf(hen: HenAnswer, job: Job | undefined, atMs: number): FlockGroup {
  if (needy.value.has(hen.id)) return "needs";
  if (hen.state === "WORKING" || hen.state === "HATCHING" || job?.status === "RUNNING") {
    workedAt.set(hen.id, atMs);
    return "working";
  }
  if (hen.state === "IDLE") return atMs - (workedAt.get(hen.id) ?? 0) < REST_MS ? "working" : "ready";
  return "away";
}

/** What the list is narrowed to. */
export const filter = signal("");
/** The hen that keys act on. */
export const selected = signal<string | undefined>(undefined);

/** The hens of the list in its order: by group, then by name, narrowed by {@link filter}. */
export const listed = computed<readonly Member[]>(() => {
  const words = filter.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
  const found = members.value.filter((member) => words.every((word) => haystackOf(member).includes(word)));
  const order = new Map(GROUPS.map(([group], at) => [group, at]));
  const placeOf = ({ group }: Member) => order.get(group) ?? 0;
  return [...found].sort((a, b) => placeOf(a) - placeOf(b) || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
});

function haystackOf({ hen, name }: Member): string {
  const { provider, model } = hen.manifest.brain;
  return `${name} ${hen.state} ${provider} ${model} ${hen.manifest.agent_kind}`.toLowerCase();
}

/** What a hen is doing, in a few words; text of tools and prompts, so hostile. */
export function activityOf({ hen, job, step }: Member): string {
  if (step !== undefined) return step.tool === null ? "thinking" : step.tool;
  if (job?.status === "RUNNING") return "starting";
  if (job?.status === "QUEUED") return hen.needs != null ? "waits: it lacks something" : "waits its turn";
  if (hen.state === "DEFINED") return "an egg, not hatched";
  if (hen.state === "HATCHING") return "hatching";
  if (job !== undefined) return job.prompt;
  return "no job of late";
}

/** What drives it: a model, or a program in a terminal. */
export function brainOf({ manifest }: HenAnswer): string {
  return manifest.agent_kind === "anthropic" ? manifest.brain.model : manifest.agent_kind;
}
