import { type HenId, henNotFound, type Instant } from "coopd-core";
import { henBusy, runningJobOf } from "../jobs/running-job.ts";
import { toMs } from "../rows/instants.ts";
import type { WriteScope } from "../rows/scope.ts";
import { forgetHenSpend } from "../spend/charge.ts";
import { chargeLostCallsOfHen } from "../spend/open-calls.ts";

/**
 * Removes the hen and, by the schema's cascades, its jobs, journals, episodes and attachments; and what was set aside of
 * it, so that nothing of it is left to be inherited or found (weaknesses D4). `running = 0` stands in the statement that
 * deletes: a claim that came first wins. What it has cost stays in the sums of the farm's days, without its name.
 *
 * @throws CoopError `hen_not_found`, `hen_busy`
 */
export function deleteHen(scope: WriteScope, id: HenId, at: Instant): void {
  const gone = scope.sql.get<{ queued: number }>("DELETE FROM hens WHERE id = $id AND running = 0 RETURNING queued", {
    id,
  });
  if (gone === undefined) {
    const job = runningJobOf(scope, id);
    throw job === undefined ? henNotFound(id) : henBusy(id, job);
  }
  scope.sql.run("UPDATE farm SET queued = queued - $queued WHERE id = 1", { queued: gone.queued });
  chargeLostCallsOfHen(scope, id);
  forgetHenSpend(scope, id);
  scope.sql.run("DELETE FROM quarantine WHERE hen_id = $id", { id });
  scope.emit({ type: "hen_deleted", id }, toMs(at));
}
