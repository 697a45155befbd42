import type { HenId, Instant, JobId } from "coopd-core";
import { updateReadiness } from "../hens/readiness.ts";
import { countEnd } from "../hens/usage.ts";
import { toMs } from "../rows/instants.ts";
import { toRowLimit, type WriteScope } from "../rows/scope.ts";
import { requireJob } from "./job-row.ts";
import { insertFacts } from "./journal-row.ts";

/** What {@link failWaiting} is asked. */
export interface WaitingEnd {
  readonly reason: string;
  readonly limit: number;
  readonly at: Instant;
}

/** Ends up to `limit` QUEUED jobs FAILED, the oldest first, without an episode. @returns how many */
export function failWaiting(scope: WriteScope, { reason, limit, at }: WaitingEnd): number {
  const ms = toMs(at);
  const jobs = scope.sql.all<{ no: number; id: JobId; hen_id: HenId; epoch: number; last_seq: number }>(
    `UPDATE jobs SET status = 'FAILED', error_code = 'interrupted', last_seq = last_seq + 1, updated_ms = $ms, ended_ms = $ms
     WHERE no IN (SELECT no FROM jobs WHERE status = 'QUEUED' ORDER BY id LIMIT $limit)
     RETURNING no, id, hen_id, epoch, last_seq`,
    { ms, limit: toRowLimit(limit) },
  );
  jobs.sort((a, b) => (a.id < b.id ? -1 : 1)); // RETURNING promises no order
  for (const job of jobs) {
    insertFacts(scope, { jobNo: job.no, lastSeq: job.last_seq - 1, epoch: job.epoch, at: ms }, [
      { kind: "settled", status: "FAILED", result: null, error: reason, error_code: "interrupted" },
    ]);
    scope.sql.run("UPDATE job_texts SET error = $reason WHERE job_no = $no", { no: job.no, reason });
    scope.sql.run("UPDATE farm SET queued = queued - 1 WHERE id = 1");
    scope.sql.run("UPDATE hens SET queued = queued - 1 WHERE id = $henId", { henId: job.hen_id });
    scope.emit({ type: "job_status_changed", job_id: job.id, status: "FAILED", hen_id: job.hen_id }, ms);
    updateReadiness(scope, job.hen_id);
    countEnd(scope, job.hen_id, { ...requireJob(scope, job.id), status: "FAILED" });
  }
  return jobs.length;
}
