import type { Instant, Job, JobId, JournalFact, Settlement } from "coopd-core";
import { recordEpisode } from "../memory/record-episode.ts";
import { toMs } from "../rows/instants.ts";
import type { WriteScope } from "../rows/scope.ts";
import { endJob } from "./end-job.ts";
import { endRun } from "./end-run.ts";

/** What {@link settle} is asked. */
export interface JobEnd {
  readonly jobId: JobId;
  readonly epoch: number;
  readonly at: Instant;
  readonly facts: readonly JournalFact[];
  readonly settlement: Settlement;
}

/**
 * Ends a claimed job. Status, episode and the hen's way out of WORKING become visible together; events in the order
 * job_status_changed, memory_recorded, hen_state_changed. @throws CoopError `stale_epoch`, `job_not_found`
 */
export function settle(scope: WriteScope, { jobId, epoch, at, facts, settlement }: JobEnd): Job {
  const job = endJob(scope, { id: jobId, epoch, at: toMs(at) }, facts, settlement);
  recordEpisode(scope, job, settlement.episodeId, at);
  endRun(scope, job.hen_id, toMs(at));
  return job;
}
