import type { HenId, HenState } from "coopd-core";
import { updateReadiness } from "../hens/readiness.ts";
import { clearLease, isLeaseOver } from "../leases/lease-end.ts";
import type { WriteScope } from "../rows/scope.ts";

interface WorkedHen {
  readonly state: HenState | "DAMAGED";
  readonly running: number;
  readonly lease_id: string | null;
}

/**
 * Takes one running job off its hen and off the farm. With its last one the hen leaves WORKING: for LEASED while its lease
 * holds, else for IDLE: a lease that is over ends here. It is called last in the operation, because its event comes last (contract/http-api.md §5.1).
 */
export function endRun(scope: WriteScope, henId: HenId, at: number): void {
  const hen = scope.sql.get<WorkedHen>("SELECT state, running, lease_id FROM hens WHERE id = $henId", { henId });
  if (hen === undefined) throw new Error(`a running job of ${henId} ended, and there is no such hen`);
  scope.sql.run("UPDATE farm SET running = running - 1 WHERE id = 1");
  const isLast = hen.state === "WORKING" && hen.running === 1;
  if (isLast) {
    const isOver = hen.lease_id !== null && isLeaseOver(scope, henId, at);
    const to = hen.lease_id === null || isOver ? "IDLE" : "LEASED";
    scope.sql.run("UPDATE hens SET running = 0, state = $to, updated_ms = $at WHERE id = $henId", { henId, to, at });
    scope.emit({ type: "hen_state_changed", id: henId, from: "WORKING", to }, at);
    if (isOver) clearLease(scope, henId, at);
  } else {
    scope.sql.run("UPDATE hens SET running = running - 1 WHERE id = $henId", { henId });
  }
  updateReadiness(scope, henId);
}
