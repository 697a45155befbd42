import {
  CoopError,
  type Hen,
  type HenId,
  type HenState,
  henNotFound,
  type Instant,
  type LeaseStatus,
  PAGE_MAX,
  toInstant,
} from "coopd-core";
import { readState, requireHen } from "../hens/hen-row.ts";
import { updateReadiness } from "../hens/readiness.ts";
import { emitMoves, notInState, walkMoves } from "../hens/walk-moves.ts";
import { henBusy, runningJobOf } from "../jobs/running-job.ts";
import { toMs } from "../rows/instants.ts";
import type { Scope, WriteScope } from "../rows/scope.ts";
import { clearLease } from "./lease-end.ts";

/** What {@link leaseHen} is asked. */
export interface NewLease {
  readonly id: HenId;
  readonly from: HenState;
  readonly moves: readonly HenState[];
  readonly lease: Extract<LeaseStatus, { kind: "leased_out" }>;
  readonly at: Instant;
}

/**
 * Makes the moves to LEASED and writes the lease. `from` and `running = 0` stand in the statement that writes: against a
 * claim either the hen works for its owner or it is leased, never both. @throws CoopError `hen_not_found`, `illegal_move`, `hen_busy`
 */
export function leaseHen(scope: WriteScope, { id, from, moves, lease, at }: NewLease): Hen {
  const found = readState(scope, id);
  if (found === undefined) throw henNotFound(id);
  if (found !== from) throw notInState(id, found, [from]);
  const to = walkMoves(id, from, moves);
  const leased = scope.sql.get(
    `UPDATE hens SET state = $to, lease_id = $leaseId, updated_ms = $at
     WHERE id = $id AND state = $from AND running = 0 AND lease_id IS NULL RETURNING id`,
    { id, from, to, leaseId: lease.lease_id, at: toMs(at) },
  );
  if (leased === undefined) throw henBusy(id, runningJobOf(scope, id));
  const expires = lease.expires_at === null ? null : toMs(lease.expires_at);
  scope.sql.run("INSERT INTO hen_leases (hen_id, expires_ms) VALUES ($id, $expires)", { id, expires });
  scope.sql.run("UPDATE hen_bodies SET body = json_set(body, '$.lease', json($lease)) WHERE hen_id = $id", {
    id,
    lease: JSON.stringify(lease),
  });
  emitMoves(scope, id, from, moves, toMs(at));
  updateReadiness(scope, id);
  return requireHen(scope, id);
}

/** Ends a lease, at once or with the job that runs. @throws CoopError `hen_not_found`, `illegal_move`, `hen_busy` */
export function releaseHen(
  scope: WriteScope,
  { id, isForced, at }: { readonly id: HenId; readonly isForced: boolean; readonly at: Instant },
): Hen {
  const hen = scope.sql.get<{ running: number; lease_id: string | null }>(
    "SELECT running, lease_id FROM hens WHERE id = $id AND state <> 'DAMAGED'",
    { id },
  );
  if (hen === undefined) throw henNotFound(id);
  if (hen.lease_id === null) {
    throw new CoopError("illegal_move", `${id} is not leased`, { details: { hen_id: id } });
  }
  if (hen.running > 0 && !isForced) throw henBusy(id, runningJobOf(scope, id));
  endLease(scope, id, toMs(at));
  return requireHen(scope, id);
}

/** Ends up to a page of leases whose time is up, those that run jobs with these. @returns how many */
export function expireLeases(scope: WriteScope, at: Instant): number {
  const due = scope.sql.all<{ hen_id: HenId }>(
    "SELECT hen_id FROM hen_leases WHERE is_over = 0 AND expires_ms <= $at ORDER BY expires_ms LIMIT $limit",
    { at: toMs(at), limit: PAGE_MAX },
  );
  for (const { hen_id: id } of due) endLease(scope, id, toMs(at));
  return due.length;
}

/** The earliest end of a lease that is not over. */
export function nextLeaseEnd(scope: Scope): Instant | undefined {
  const next = scope.sql.get<{ expires_ms: number }>(
    `SELECT expires_ms FROM hen_leases WHERE is_over = 0 AND expires_ms IS NOT NULL ORDER BY expires_ms LIMIT 1`,
  );
  return next === undefined ? undefined : toInstant(next.expires_ms);
}

function endLease(scope: WriteScope, id: HenId, at: number): void {
  const idle = scope.sql.get(
    "UPDATE hens SET state = 'IDLE', updated_ms = $at WHERE id = $id AND state = 'LEASED' AND running = 0 RETURNING id",
    { id, at },
  );
  if (idle === undefined) {
    scope.sql.run(
      "INSERT INTO hen_leases (hen_id, is_over) VALUES ($id, 1) ON CONFLICT (hen_id) DO UPDATE SET is_over = 1",
      { id },
    );
  } else {
    scope.emit({ type: "hen_state_changed", id, from: "LEASED", to: "IDLE" }, at);
    clearLease(scope, id, at);
  }
  updateReadiness(scope, id);
}
