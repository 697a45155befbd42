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
  const behind = ancestors.includes(to) ? undefined : stuckPath(to, jobId, slotsOf);
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

/**
 * The hens from `hen` to the waiter's, when one more job of `hen` could not start before the waiter goes on: every slot
 * is held, and each holder waits, through others, for the waiter. One slot that is free or will get free by itself is
 * enough for there to be no circle, so hens with several slots are not refused for nothing.
 */
function stuckPath(
  hen: HenId,
  waiter: JobId,
  slotsOf: (hen: HenId) => HenSlots,
  seen: Set<HenId> = new Set(),
): readonly HenId[] | undefined {
  if (seen.has(hen)) return undefined; // waits within a circle that the waiter is not part of
  seen.add(hen);
  const { slots, running } = slotsOf(hen);
  if (running.length < slots) return undefined;
  let path: readonly HenId[] | undefined;
  for (const job of running) {
    const behind = job.id === waiter ? [] : pathOfJob(job, waiter, slotsOf, seen);
    if (behind === undefined) return undefined;
    path ??= [hen, ...behind];
  }
  return path;
}

/** The hens behind a job that waits for the waiter; undefined when it will go on by itself. */
function pathOfJob(
  job: RunningJob,
  waiter: JobId,
  slotsOf: (hen: HenId) => HenSlots,
  seen: Set<HenId>,
): readonly HenId[] | undefined {
  const { child } = job;
  if (child === null) return undefined;
  if (!child.isRunning) return stuckPath(child.henId, waiter, slotsOf, seen);
  if (child.id === waiter) return [child.henId];
  const itself = slotsOf(child.henId).running.find(({ id }) => id === child.id);
  const behind = itself && pathOfJob(itself, waiter, slotsOf, seen);
  return behind && [child.henId, ...behind];
}

function refused(message: string, path: readonly HenId[], next: string): CoopError {
  return new CoopError("delegation_refused", message, { next, details: { path } });
}
