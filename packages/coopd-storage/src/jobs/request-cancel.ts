import { CoopError, type Instant, type Job, type JobId, type JobStatus, jobNotFound } from "coopd-core";
import { toMs } from "../rows/instants.ts";
import type { Scope, WriteScope } from "../rows/scope.ts";
import { cancelQueued } from "./cancel-queued.ts";
import { requireJob } from "./job-row.ts";

/**
 * Ends a QUEUED job, and marks a RUNNING one: its runner ends it, or, should the daemon die first, the runner that takes
 * it over. Asking again changes nothing. @throws CoopError `job_not_found`, `job_ended`
 */
export function cancel(scope: WriteScope, id: JobId, at: Instant): Job {
  const found = scope.sql.get<{ no: number; status: JobStatus | "DAMAGED" }>(
    "SELECT no, status FROM jobs WHERE id = $id",
    { id },
  );
  if (found === undefined || found.status === "DAMAGED") throw jobNotFound(id);
  if (found.status === "QUEUED") return cancelQueued(scope, id, at);
  if (found.status !== "RUNNING") {
    throw new CoopError("job_ended", `job ${id} is ${found.status} already`, {
      next: `See it: coop job get ${id}`,
      details: { job_id: id, status: found.status },
    });
  }
  scope.sql.run("INSERT OR IGNORE INTO job_cancels (job_no, at_ms) VALUES ($no, $ms)", { no: found.no, ms: toMs(at) });
  return requireJob(scope, id);
}

/** True when somebody asked for the end of the job with this number. */
export function isCancelAsked(scope: Scope, jobNo: number): boolean {
  return scope.sql.get("SELECT 1 FROM job_cancels WHERE job_no = $jobNo", { jobNo }) !== undefined;
}
