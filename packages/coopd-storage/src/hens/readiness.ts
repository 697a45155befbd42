import type { HenId } from "coopd-core";
import type { WriteScope } from "../rows/scope.ts";

/**
 * What makes a hen ready: it is IDLE, WORKING or LEASED, is not held or at the end of a lease, has a free slot, and a job waits that it may run. A LEASED hen
 * runs only jobs of its lease, also while it is WORKING; any other hen only jobs without one. Exported for the
 * consistency check, which computes it for every hen.
 */
export const IS_READY = `(
  hens.state IN ('IDLE', 'WORKING', 'LEASED')
  AND hens.held = 0
  AND hens.running < hens.slots
  AND (hens.state <> 'LEASED' OR hens.lease_id IS NOT NULL)
  AND NOT EXISTS (SELECT 1 FROM hen_leases WHERE hen_leases.hen_id = hens.id AND hen_leases.is_over = 1)
  AND EXISTS (
    SELECT 1 FROM jobs
    WHERE jobs.hen_id = hens.id AND jobs.status = 'QUEUED'
      AND jobs.lease_id IS (CASE WHEN hens.state IN ('WORKING', 'LEASED') THEN hens.lease_id END)
  )
)`;

/**
 * Keeps `ready` true to the rule above. Every operation that changes a hen's state, slots, lease or queue calls it last,
 * so a claim finds its hens in one index and never looks at hens or jobs that cannot run.
 */
export function updateReadiness(scope: WriteScope, id: HenId): void {
  scope.sql.run(`UPDATE hens SET ready = 1 - ready WHERE id = $id AND ready <> ${IS_READY}`, { id });
}
