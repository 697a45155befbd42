import { CoopError, DELEGATION_DEPTH_MAX, type Job } from "coopd-core";
import { client } from "../../../data/client.ts";

/** A job and what it handed on. */
export interface JobTree {
  readonly job: Job;
  readonly children: readonly JobTree[];
  /** The job that handed it on is not kept any more. */
  readonly isOrphan?: boolean;
}

/** What was found, and whether jobs are missing in it. */
export interface Trees {
  readonly trees: readonly JobTree[];
  /** There are more than {@link TREE_JOBS_MAX}. */
  readonly isCut: boolean;
}

/** Jobs of the hen that are looked at, the newest. */
const JOBS_LOOKED_AT = 20;
/** Jobs of all trees together; more is no picture. */
export const TREE_JOBS_MAX = 300;

/**
 * Trees of delegation in which the hen's newest jobs stand, the newest first: up to whoever asked first, and down to everything that was
 * handed on. A job that handed nothing on, and that nobody handed on, is no tree.
 */
export async function readTrees(henId: string, signal: AbortSignal): Promise<Trees> {
  const own: Job[] = [];
  for await (const job of client.jobs.list({ henId, order: "desc", pageRows: JOBS_LOOKED_AT, signal })) {
    own.push(job);
    if (own.length === JOBS_LOOKED_AT) break;
  }
  const roots = new Map<string, { readonly job: Job; readonly isOrphan: boolean }>();
  for (const found of await Promise.all(own.map((job) => rootOf(job, signal)))) roots.set(found.job.id, found);
  const room: Room = { left: TREE_JOBS_MAX, isCut: false };
  const all = await Promise.all(
    [...roots.values()].map(async ({ job, isOrphan }) => ({ ...(await treeOf(job, 0, room, signal)), isOrphan })),
  );
  const trees = all
    .filter(({ children, isOrphan }) => children.length > 0 || isOrphan)
    .sort((a, b) => (a.job.id < b.job.id ? 1 : -1));
  return { trees, isCut: room.isCut };
}

/** How many jobs may still be read, over all trees. */
interface Room {
  left: number;
  isCut: boolean;
}

async function rootOf(job: Job, signal: AbortSignal): Promise<{ readonly job: Job; readonly isOrphan: boolean }> {
  let at = job;
  for (let step = 0; step <= DELEGATION_DEPTH_MAX && at.parent_job_id !== null; step += 1) {
    const parent = await orGone(client.jobs.get(at.parent_job_id, { signal }));
    if (parent === undefined) return { job: at, isOrphan: true };
    at = parent;
  }
  return { job: at, isOrphan: false };
}

async function treeOf(job: Job, depth: number, room: Room, signal: AbortSignal): Promise<JobTree> {
  if (depth >= DELEGATION_DEPTH_MAX) return { job, children: [] };
  const children: Job[] = [];
  for await (const child of client.jobs.list({ parentJobId: job.id, pageRows: 100, signal })) {
    if (room.left <= 0) {
      room.isCut = true;
      break;
    }
    room.left -= 1;
    children.push(child);
  }
  return { job, children: await Promise.all(children.map((child) => treeOf(child, depth + 1, room, signal))) };
}

async function orGone(reading: Promise<Job>): Promise<Job | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof CoopError && error.code === "job_not_found") return undefined;
    throw error;
  }
}

/** Every id in the trees. */
export function idsOf(trees: readonly JobTree[]): ReadonlySet<string> {
  const ids = new Set<string>();
  const visit = ({ job, children }: JobTree) => {
    ids.add(job.id);
    children.forEach(visit);
  };
  trees.forEach(visit);
  return ids;
}
