import { type Hen, type HenView, maxConcurrentJobs } from "../hen/hen.ts";
import type { JobId } from "../ids/brand.ts";
import { leaseIdOf } from "../lease/lease.ts";
import type { Job, JobStatus } from "./job.ts";

/**
 * What keeps a job in its queue. farm_stopped: nothing begins until the farm is resumed · hen_needs: the hen lacks a key or a wall ·
 * hen_away: the hen is not awake · lease: the job is another holder's · hen_busy: the hen has no free slot · farm_busy: as many jobs
 * run as may · its_turn: nothing, it is about to be begun.
 */
export const WAIT_KINDS = [
  "farm_stopped",
  "hen_needs",
  "hen_away",
  "lease",
  "hen_busy",
  "farm_busy",
  "its_turn",
] as const;
export type WaitKind = (typeof WAIT_KINDS)[number];

/** Why a job waits, as `GET /jobs/:id/waiting` shows it. */
export interface JobWaiting {
  readonly job_id: JobId;
  readonly status: JobStatus;
  /** Null for a job that is not QUEUED, as the next two. */
  readonly kind: WaitKind | null;
  /** In words for a farmer. */
  readonly waiting_for: string | null;
  /** What would help; null where nothing but time does. */
  readonly next: string | null;
  /** Jobs of the same hen that come before it. */
  readonly ahead: number;
  /** What its hen works on meanwhile. */
  readonly running: readonly JobId[];
}

/** What the answer depends on, at one moment. */
export interface WaitConditions {
  readonly isFarmStopped: boolean;
  /** Places for jobs on the whole farm, and how many are taken. */
  readonly places: { readonly taken: number; readonly max: number };
  readonly ahead: number;
  readonly running: readonly JobId[];
}

/** Says why a job is not running: the first thing that would still keep it, were everything behind that in order. */
export function whyQueued(job: Job, hen: HenView, conditions: WaitConditions): JobWaiting {
  const { ahead, running } = conditions;
  const row = { job_id: job.id, status: job.status, ahead, running };
  if (job.status !== "QUEUED") return { ...row, kind: null, waiting_for: null, next: null, ahead: 0 };
  return { ...row, ...reasonOf(job, hen, conditions) };
}

type Reason = Pick<JobWaiting, "kind" | "waiting_for" | "next">;

function reasonOf(job: Job, hen: HenView, { isFarmStopped, places, running }: WaitConditions): Reason {
  if (isFarmStopped) return reason("farm_stopped", "the farm, which is stopped", "coop farm resume");
  if (hen.needs !== null) {
    return reason("hen_needs", hen.needs_reason ?? `${hen.id} lacks its ${hen.needs}`, hen.needs_next);
  }
  const away = awayOf(hen);
  if (away !== undefined) return away;
  const held = leaseIdOf(hen.lease);
  if (job.lease_id !== held && !(hen.state === "IDLE" && job.lease_id === null)) {
    const what = job.lease_id === null ? `the end of the lease ${held}` : `the lease ${job.lease_id} to begin`;
    return reason("lease", what, null);
  }
  const slots = maxConcurrentJobs(hen.manifest);
  if (running.length >= slots) {
    const what = slots === 1 ? `${hen.id}, which is at another job` : `one of the ${slots} places of ${hen.id}`;
    return reason("hen_busy", what, null);
  }
  if (places.taken >= places.max) {
    return reason("farm_busy", `one of the farm's ${places.max} places, which are all taken`, null);
  }
  return reason("its_turn", "its turn: it is about to begin", null);
}

function awayOf({ id, state }: Hen): Reason | undefined {
  if (state === "IDLE" || state === "WORKING" || state === "LEASED") return undefined;
  if (state === "DEFINED") return reason("hen_away", `${id} to be hatched`, `coop hen hatch ${id}`);
  if (state === "HATCHING") return reason("hen_away", `${id}, which is hatching`, null);
  if (state === "ARCHIVED") return reason("hen_away", `${id}, which is archived and works no more`, null);
  return reason("hen_away", `${id} to be woken: it is ${state}`, `coop hen wake ${id}`);
}

function reason(kind: WaitKind, waitingFor: string, next: string | null): Reason {
  return { kind, waiting_for: waitingFor, next };
}
