import type { HenId, JobId } from "coopd-core";
import type { WriteScope } from "../rows/scope.ts";
import { endJob } from "./end-job.ts";
import { endRun } from "./end-run.ts";

/**
 * Ends a held job that cannot be run because of damage in the store. It says so in the job instead of leaving it RUNNING
 * without a runner; it leaves no episode, since the hen did not do this.
 */
export function failHeldJob(
  scope: WriteScope,
  held: { readonly id: JobId; readonly hen_id: HenId; readonly epoch: number },
  at: number,
  reason: string,
): void {
  const error = `interrupted: ${reason}. Submit it again; \`coop doctor --store\` shows what was set aside.`;
  endJob(scope, { id: held.id, epoch: held.epoch, at }, [], {
    status: "FAILED",
    result: null,
    error,
    errorCode: "interrupted",
  });
  endRun(scope, held.hen_id, at);
}
