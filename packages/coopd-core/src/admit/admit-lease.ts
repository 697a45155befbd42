import { CoopError } from "../errors/coop-error.ts";
import type { Hen } from "../hen/hen.ts";
import { assertMove, type HenState } from "../hen/moves.ts";
import { leaseIdOf } from "../lease/lease.ts";

/** Moves that make the hen leased; its owner's jobs wait from then on. @throws CoopError what stands in the way */
export function movesToLease(hen: Hen, endsMs: number | null, nowMs: number): readonly HenState[] {
  requireLeasable(hen);
  if (endsMs !== null && !(endsMs > nowMs)) {
    throw new CoopError("bad_request", "expires_at is not in the future", {
      next: "Give a later time, or none: the lease then ends by its release.",
    });
  }
  if (hen.lease.kind !== "owner") {
    throw new CoopError("hen_busy", `${hen.id} is leased already, as ${leaseIdOf(hen.lease)}`, {
      next: `End that lease first: coop hen release ${hen.id}`,
      details: { hen_id: hen.id, lease_id: leaseIdOf(hen.lease) },
    });
  }
  if (hen.state === "SLEEPING" || hen.state === "DORMANT") return ["IDLE", "LEASED"];
  assertMove(hen.id, hen.state, "LEASED");
  return ["LEASED"];
}

/** @throws CoopError `illegal_move` when there is no lease to end */
export function requireLeased(hen: Hen): void {
  if (hen.lease.kind !== "owner") return;
  throw new CoopError("illegal_move", `${hen.id} is not leased`, {
    next: `See it: coop hen get ${hen.id}`,
    details: { hen_id: hen.id, from: hen.state },
  });
}

/** The owner says in the manifest whether others may have the hen. @throws CoopError `policy_denied` */
export function requireLeasable(hen: Hen): void {
  if (hen.manifest.lease?.allow_lease === true) return;
  throw new CoopError("policy_denied", `${hen.id} may not be leased: its manifest does not allow it`, {
    next: `Set lease.allow_lease: true in its manifest: coop hen edit ${hen.id}`,
    details: { hen_id: hen.id },
  });
}

/**
 * A job of a lease may hand work only to a hen of the same lease, or delegation would lead round the tools and topics that
 * the owner set (weaknesses D6). @throws CoopError `delegation_refused`
 */
export function requireSameLease(to: Hen, leaseId: string | null): void {
  if (leaseId === null || leaseIdOf(to.lease) === leaseId) return;
  throw new CoopError("delegation_refused", `${to.id} is not part of lease ${leaseId}, under which this job runs`, {
    next: "Do the work in this job.",
    details: { hen_id: to.id, lease_id: leaseId },
  });
}
