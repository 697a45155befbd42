import { CoopError, type HenId, type Instant, type Job, type JobId, type JobStatus, jobNotFound } from "coopd-core";
import { updateReadiness } from "../hens/readiness.ts";
import { countEnd } from "../hens/usage.ts";
import { toMs } from "../rows/instants.ts";
import type { WriteScope } from "../rows/scope.ts";
import { requireJob } from "./job-row.ts";
import { insertFacts } from "./journal-row.ts";
import { henBusy } from "./running-job.ts";

const REASON = "cancelled before it started";

/**
 * Ends a QUEUED job. `status = 'QUEUED'` stands in the statement that writes: against a claim either the job runs or it is
 * cancelled, never both. @throws CoopError `job_not_found`, `job_ended`, `hen_busy` when it is RUNNING by now
 */
export function cancelQueued(scope: WriteScope, id: JobId, at: Instant, reason = REASON): Job {
  const ms = toMs(at);
  const job = scope.sql.get<{ no: number; hen_id: HenId; epoch: number; last_seq: number }>(
    `UPDATE jobs SET status = 'CANCELLED', error_code = 'cancelled', last_seq = last_seq + 1, updated_ms = $ms,
       ended_ms = $ms
     WHERE id = $id AND status = 'QUEUED' RETURNING no, hen_id, epoch, last_seq`,
    { id, ms },
  );
  if (job === undefined) throw notQueued(scope, id);
  insertFacts(scope, { jobNo: job.no, lastSeq: job.last_seq - 1, epoch: job.epoch, at: ms }, [
    { kind: "settled", status: "CANCELLED", result: null, error: reason, error_code: "cancelled" },
  ]);
  scope.sql.run("UPDATE job_texts SET error = $error WHERE job_no = $no", { no: job.no, error: reason });
  scope.sql.run("UPDATE farm SET queued = queued - 1 WHERE id = 1");
  scope.sql.run("UPDATE hens SET queued = queued - 1 WHERE id = $henId", { henId: job.hen_id });
  scope.emit({ type: "job_status_changed", job_id: id, status: "CANCELLED", hen_id: job.hen_id }, ms);
  updateReadiness(scope, job.hen_id);
  const ended = requireJob(scope, id); // one that was parked has used something
  countEnd(scope, job.hen_id, { ...ended, status: "CANCELLED" });
  return ended;
}

function notQueued(scope: WriteScope, id: JobId): CoopError {
  const job = scope.sql.get<{ status: JobStatus | "DAMAGED"; hen_id: HenId }>(
    "SELECT status, hen_id FROM jobs WHERE id = $id",
    { id },
  );
  if (job === undefined || job.status === "DAMAGED") return jobNotFound(id);
  if (job.status === "RUNNING") return henBusy(job.hen_id, id);
  return new CoopError("job_ended", `job ${id} is ${job.status} already`, {
    next: `See it: coop job get ${id}`,
    details: { job_id: id, status: job.status },
  });
}
