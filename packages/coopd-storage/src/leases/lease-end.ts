import { type HenId, type JobId, toInstant } from "coopd-core";
import { cancelQueued } from "../jobs/cancel-queued.ts";
import type { Scope, WriteScope } from "../rows/scope.ts";

/** True when the hen's lease has been ended, or its time is up, and only its last job keeps it. */
export function isLeaseOver(scope: Scope, henId: HenId, at: number): boolean {
  const sql = "SELECT 1 FROM hen_leases WHERE hen_id = $henId AND (is_over = 1 OR expires_ms <= $at)";
  return scope.sql.get(sql, { henId, at }) !== undefined;
}

/**
 * Gives the hen back to its owner; its state is the caller's. What is queued under the lease is cancelled: it could never
 * run any more, and whoever waits for it is told.
 */
export function clearLease(scope: WriteScope, henId: HenId, at: number): void {
  const lease = scope.sql.get<{ lease_id: string }>("SELECT lease_id FROM hens WHERE id = $henId", { henId })?.lease_id;
  scope.sql.run("UPDATE hens SET lease_id = NULL WHERE id = $henId", { henId });
  scope.sql.run("DELETE FROM hen_leases WHERE hen_id = $henId", { henId });
  scope.sql.run(
    `UPDATE hen_bodies SET body = json_set(body, '$.lease', json('{"kind":"owner"}')) WHERE hen_id = $henId`,
    {
      henId,
    },
  );
  const waiting = scope.sql.all<{ id: JobId }>(
    "SELECT id FROM jobs WHERE hen_id = $henId AND status = 'QUEUED' AND lease_id IS $lease ORDER BY id",
    { henId, lease: lease ?? "" },
  );
  for (const { id } of waiting) cancelQueued(scope, id, toInstant(at), `lease ${lease} ended before this job started`);
}
