import { fromInstant, type Hen, type HenId, type Instant, leaseIdOf } from "coopd-core";
import type { NewLease } from "../../leases/leases.ts";
import { clearLease } from "./oracle-ends.ts";
import { endOf, requireHen, walk } from "./oracle-hens.ts";
import { jobsOf, type OracleState, Refused } from "./oracle-state.ts";

/** What leases can be asked, as the port's comments promise it. */
export const LEASE_CALLS = {
  leaseHen(state: OracleState, { id, from, moves, lease, at }: NewLease): Hen {
    const record = requireHen(state, id);
    if (record.hen.state !== from) throw new Refused("illegal_move");
    endOf(from, moves);
    const isBusy = jobsOf(state, id, "RUNNING").length > 0 || leaseIdOf(record.hen.lease) !== null;
    if (isBusy) throw new Refused("hen_busy");
    walk(state, id, moves, at);
    record.hen = { ...record.hen, lease };
    record.leaseEnd = { expires: lease.expires_at, isOver: false };
    return record.hen;
  },

  releaseHen(
    state: OracleState,
    { id, isForced, at }: { readonly id: HenId; readonly isForced: boolean; readonly at: Instant },
  ): Hen {
    const record = requireHen(state, id);
    if (leaseIdOf(record.hen.lease) === null) throw new Refused("illegal_move");
    if (jobsOf(state, id, "RUNNING").length > 0 && !isForced) throw new Refused("hen_busy");
    endLease(state, id, at);
    return record.hen;
  },

  expireLeases(state: OracleState, at: Instant): number {
    const due = [...state.hens.values()]
      .flatMap(({ hen, leaseEnd }) =>
        leaseEnd === undefined || leaseEnd.isOver || leaseEnd.expires === null
          ? []
          : [{ id: hen.id, expires: fromInstant(leaseEnd.expires) }],
      )
      .filter(({ expires }) => expires <= fromInstant(at))
      .sort((a, b) => a.expires - b.expires || (a.id < b.id ? -1 : 1));
    for (const { id } of due) endLease(state, id, at);
    return due.length;
  },
};

function endLease(state: OracleState, id: HenId, at: Instant): void {
  const record = requireHen(state, id);
  if (record.hen.state === "LEASED" && jobsOf(state, id, "RUNNING").length === 0) {
    walk(state, id, ["IDLE"], at);
    clearLease(state, id, at);
  } else {
    record.leaseEnd = { expires: record.leaseEnd?.expires ?? null, isOver: true };
  }
}
