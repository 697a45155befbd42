import {
  admit,
  type Clock,
  createJob,
  type HenId,
  type Job,
  type JobId,
  type JobLimits,
  jobLimits,
  OPEN_STATES,
  type QueueLimits,
  type Store,
  toInstant,
} from "coopd-core";
import type { HenLife } from "./hen-life.ts";
import type { Pens } from "./pens.ts";
import { isLostRace, RACES_MAX, readHen } from "./read-hen.ts";

/** What queueing a job needs. */
export interface QueueParts {
  readonly store: Store;
  readonly pens: Pens;
  readonly life: HenLife;
  readonly clock: Clock;
  readonly newId: () => string;
  /** UTF-8 bytes; 0 switches the cap off. */
  readonly promptBytesMax: number;
  readonly queueLimits: QueueLimits;
  /** Tells the dispatcher that there may be a job to claim. */
  readonly ring: () => void;
}

/** What shall be queued, for whom. */
export interface NewWork {
  readonly henId: HenId;
  readonly prompt: string;
  /** Never wider than what the hen's manifest says. */
  readonly limits?: Partial<JobLimits>;
  /** The lease it runs under; null for the owner's own. */
  readonly leaseId?: string | null;
  readonly depth?: number;
  readonly parentJobId?: JobId;
}

/** How the job is written. */
export type WriteJob = (entry: Parameters<Store["enqueue"]>[0]) => Promise<Job>;

/**
 * Queues a job, hatching or waking the hen first where it must be: the one way in for every job, whoever asks for it.
 * @throws CoopError what `admit` throws, `hen_not_found`, `queue_full`
 */
export async function queueJob(parts: QueueParts, work: NewWork, write: WriteJob): Promise<Job> {
  const { pens, clock, promptBytesMax, queueLimits } = parts;
  const { henId, prompt, limits = {}, leaseId = null, depth, parentJobId } = work;
  for (let race = 1; ; race += 1) {
    const hen = await readHen(parts.store, henId);
    const { moves } = admit({ action: "job", hen, walls: pens.walls, prompt, promptBytesMax, leaseId });
    try {
      if (hen.state === "DEFINED") {
        await parts.life.hatch(henId);
        continue;
      }
      const at = toInstant(clock.nowMs()); // before the id: lists by time go by the id's, which must not be the earlier one
      const job = createJob({
        id: parts.newId() as JobId,
        henId,
        prompt,
        at,
        limits: jobLimits(hen.manifest.limits, limits),
        ...(depth === undefined ? {} : { depth }),
        ...(parentJobId === undefined ? {} : { parentJobId }),
        ...(leaseId === null ? {} : { leaseId }),
      });
      const from = moves.length === 0 ? OPEN_STATES : [hen.state];
      const queued = await write({ job, hen: { from, moves }, limits: queueLimits });
      parts.ring();
      return queued;
    } catch (error) {
      if (!isLostRace(error) || race >= RACES_MAX) throw error;
    }
  }
}
