import { CoopError } from "../errors/coop-error.ts";
import type { Hen } from "../hen/hen.ts";
import type { HenState } from "../hen/moves.ts";
import type { Manifest } from "../manifest/manifest.ts";

/** States in which nothing of a hen runs, and nothing is kept running for it. */
const AT_REST: readonly HenState[] = ["DEFINED", "SLEEPING", "DORMANT"];

/** True for a hen that must be able to live under a new manifest at once. */
export function isAwake(hen: Hen): boolean {
  return !AT_REST.includes(hen.state);
}

/**
 * What may never change, and what not now. Everything else holds from the next job, the network at once.
 * @throws CoopError `manifest_invalid` (another name), `hen_archived`, `hen_busy`
 */
export function requireReplaceable(hen: Hen, next: Manifest): void {
  const { id, manifest: now } = hen;
  const details = { hen_id: id };
  if (next.name !== now.name) {
    throw new CoopError("manifest_invalid", `a hen keeps its name: ${now.name} cannot become ${next.name}`, {
      next: "Put the old name back, or create another hen from this manifest.",
      details,
    });
  }
  if (hen.state === "ARCHIVED") {
    throw new CoopError("hen_archived", `${id} is archived, and its manifest with it`, { details });
  }
  if (hen.lease.kind !== "owner" && JSON.stringify(next.lease) !== JSON.stringify(now.lease)) {
    throw new CoopError("hen_busy", `${id} is leased; what the lease allows stays as it is until it ends`, {
      next: `End it first: coop hen release ${id}`,
      details,
    });
  }
  if (next.agent_kind !== now.agent_kind && isAwake(hen)) {
    throw new CoopError(
      "hen_busy",
      `${id} is awake as ${now.agent_kind} and cannot become ${next.agent_kind} meanwhile`,
      {
        next: `Put it to sleep first: coop hen sleep ${id}`,
        details,
      },
    );
  }
}
