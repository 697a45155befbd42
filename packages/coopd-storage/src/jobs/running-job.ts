import { CoopError, type HenId, type JobId } from "coopd-core";
import type { Scope } from "../rows/scope.ts";

/** The oldest RUNNING job of a hen. */
export function runningJobOf(scope: Scope, henId: HenId): JobId | undefined {
  const row = scope.sql.get<{ id: JobId }>(
    "SELECT id FROM jobs WHERE hen_id = $henId AND status = 'RUNNING' ORDER BY id LIMIT 1",
    { henId },
  );
  return row?.id;
}

/** The refusal that names the job which is in the way. */
export function henBusy(henId: HenId, jobId: JobId | undefined): CoopError {
  return new CoopError("hen_busy", `${henId} is working on job ${jobId}`, {
    next: `Wait for it: coop job wait ${jobId}`,
    details: { hen_id: henId, job_id: jobId },
  });
}
