import { CoopError, type HenId, type HenNeed, type Instant, type Job, type JobId, type JournalFact } from "coopd-core";
import { holdHen } from "../hens/hold-hen.ts";
import { toMs } from "../rows/instants.ts";
import type { WriteScope } from "../rows/scope.ts";
import { countFacts } from "../spend/count-facts.ts";
import { chargeLostCallOf } from "../spend/open-calls.ts";
import { notHeld } from "./append.ts";
import { endRun } from "./end-run.ts";
import { requireJob } from "./job-row.ts";
import { insertFacts } from "./journal-row.ts";
import { isCancelAsked } from "./request-cancel.ts";

/** What {@link park} is asked. */
export interface ParkedJob {
  readonly jobId: JobId;
  readonly epoch: number;
  readonly at: Instant;
  readonly facts: readonly JournalFact[];
  readonly needs: HenNeed;
}

/**
 * Puts a claimed job back into its queue, journal and all, and holds its hen for what it needs: both or neither, so that
 * nothing claims the job again before the need is met. It is the oldest of its hen, so it is also the first to go on.
 * @throws CoopError `cancelled` when somebody asked for its end, which a queue would forget; `stale_epoch`, `job_not_found`
 */
export function park(scope: WriteScope, { jobId, epoch, at, facts, needs }: ParkedJob): Job {
  const ms = toMs(at);
  const job = scope.sql.get<{ no: number; hen_id: HenId; last_seq: number }>(
    `UPDATE jobs SET status = 'QUEUED', last_seq = last_seq + $count, updated_ms = $ms
     WHERE id = $jobId AND epoch = $epoch AND status = 'RUNNING' RETURNING no, hen_id, last_seq`,
    { jobId, epoch, ms, count: facts.length },
  );
  if (job === undefined) throw notHeld(scope, jobId, epoch);
  if (isCancelAsked(scope, job.no)) throw new CoopError("cancelled", "cancelled");
  countFacts(scope, job, facts, { atMs: ms });
  chargeLostCallOf(scope, job.no);
  insertFacts(scope, { jobNo: job.no, lastSeq: job.last_seq - facts.length, epoch, at: ms }, facts);
  scope.sql.run("UPDATE farm SET queued = queued + 1 WHERE id = 1");
  scope.sql.run("UPDATE hens SET queued = queued + 1 WHERE id = $henId", { henId: job.hen_id });
  scope.emit({ type: "job_status_changed", job_id: jobId, status: "QUEUED", hen_id: job.hen_id }, ms);
  holdHen(scope, job.hen_id, needs, true);
  endRun(scope, job.hen_id, ms);
  return requireJob(scope, jobId);
}
