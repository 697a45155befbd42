import { CoopError } from "../errors/coop-error.ts";
import type { JobId } from "../ids/brand.ts";
import type { HenId } from "../ids/hen-id.ts";

/** A farmer's job has depth 0; every hop adds one (contract/domain.md §8). */
export const DELEGATION_DEPTH_MAX = 3;

/** A RUNNING job and the child that it waits for, if it waits. */
export interface RunningJob {
  readonly id: JobId;
  readonly child: { readonly id: JobId; readonly henId: HenId; readonly isRunning: boolean } | null;
}

/** A hen's slots, and the jobs that hold one. */
export interface HenSlots {
  readonly slots: number;
  readonly running: readonly RunningJob[];
}

/**
 * Decides whether a job on `from` may hand work to `to`, before anything is queued.
 * @param ancestors the hens of the job's chain, the farmer's first, `from` last
 * @param slotsOf what holds the slots of a hen at this moment; asked only for hens that the decision depends on
 * @throws CoopError `delegation_refused` for self, too deep, or a circle, with the path in message and details
 */
export function assertDelegable(parts: {
  readonly jobId: JobId;
  readonly from: HenId;
  readonly to: HenId;
  readonly depth: number;
  readonly ancestors: readonly HenId[];
  readonly slotsOf: (hen: HenId) => HenSlots;
}): void {
  const { jobId, from, to, depth, ancestors, slotsOf } = parts;
  assertNotSelf(from, to);
  if (depth + 1 > DELEGATION_DEPTH_MAX) {
    const path = [...ancestors, to];
    throw refused(
      `delegation would be ${depth + 1} deep; the limit is ${DELEGATION_DEPTH_MAX}: ${path.join(" -> ")}`,
      path,
      "Do the work in this job.",
    );
  }
  const behind = stuckPath(to, { jobId, from, slotsOf, known: new Map() });
  const circle = ancestors.includes(to) ? [...ancestors.slice(ancestors.indexOf(to)), to] : behind && [from, ...behind];
  if (circle === undefined) return;
  throw refused(
    `${to} waits, through others, for ${from}, so this would wait for ever: ${circle.join(" -> ")}`,
    circle,
    "Delegate to another hen, or do the work in this job.",
  );
}

/** A hen does its own work. @throws CoopError `delegation_refused` */
export function assertNotSelf(from: HenId, to: HenId): void {
  if (from === to) throw refused(`${from} cannot delegate to itself`, [from, to], "Do the work in this job.");
}

/** Who would wait, and what was found out about hens on the way. */
interface Search {
  readonly jobId: JobId;
  readonly from: HenId;
  readonly slotsOf: (hen: HenId) => HenSlots;
  readonly known: Map<HenId, readonly HenId[] | undefined>;
}

/**
 * The hens from `hen` to the one that would wait, when no more job of `hen` could start before that one goes on: every
 * slot is held, and each holder waits, through others, for it. One slot that is free or will get free by itself is
 * enough for there to be no circle, so hens with several slots are not refused for nothing.
 */
function stuckPath(hen: HenId, search: Search): readonly HenId[] | undefined {
  if (search.known.has(hen)) return search.known.get(hen);
  search.known.set(hen, [hen]); // a circle among those that are looked at does not free a slot either
  const { slots, running } = search.slotsOf(hen);
  const paths = running.length < slots ? [undefined] : running.map((job) => pathOfJob(job, search));
  const isStuck = paths.every((path) => path !== undefined);
  const behind = paths.find((path) => path?.at(-1) === search.from) ?? paths[0];
  const path = isStuck && behind !== undefined ? (behind[0] === hen ? behind : [hen, ...behind]) : undefined;
  search.known.set(hen, path);
  return path;
}

/** The hens behind a job that waits for the one that would wait; undefined when it will go on by itself. */
function pathOfJob(job: RunningJob, search: Search): readonly HenId[] | undefined {
  const { child } = job;
  if (job.id === search.jobId) return [search.from];
  if (child === null) return undefined;
  if (!child.isRunning) return stuckPath(child.henId, search);
  const itself = search.slotsOf(child.henId).running.find(({ id }) => id === child.id);
  const behind = itself && pathOfJob(itself, search);
  return behind && (behind[0] === child.henId ? behind : [child.henId, ...behind]);
}

function refused(message: string, path: readonly HenId[], next: string): CoopError {
  return new CoopError("delegation_refused", message, { next, details: { path } });
}
