import { isTerminalKind } from "../agent/agent-program.ts";
import { CoopError } from "../errors/coop-error.ts";
import type { Hen } from "../hen/hen.ts";
import { leaseAllowsTerminal } from "../lease/terminal-access.ts";
import type { HostWalls } from "./host-walls.ts";

/**
 * A job is for a hen that thinks in the daemon; a terminal agent would never see it (contract/domain.md §9 ran it
 * through the brain all the same). @throws CoopError `bad_request`
 */
export function refuseJobOfAgent(hen: Hen): void {
  const { agent_kind: kind } = hen.manifest;
  if (!isTerminalKind(kind)) return;
  throw new CoopError("bad_request", `${hen.id} is driven through its terminal (${kind}) and takes no jobs`, {
    next: `Give it a task: coop task add --kind ${kind} "…"; or type to it: coop hen send ${hen.id} "…"`,
    details: { hen_id: hen.id, agent_kind: kind },
  });
}

/** A terminal is a process, so without confinement there is none, whatever the policy. @throws CoopError `walls_missing` */
export function requireConfinement(hen: Hen, walls: HostWalls): void {
  if (walls.confine.holds) return;
  throw new CoopError("walls_missing", `${hen.id} can have no terminal here: ${walls.confine.reason}`, {
    next: "See what this host can confine: coop doctor",
    details: { hen_id: hen.id },
  });
}

/** While a lease with a filter or without `bash` holds, nobody types. @throws CoopError `policy_denied` */
export function requireKeysAllowed(hen: Hen): void {
  if (leaseAllowsTerminal(hen)) return;
  throw new CoopError("policy_denied", `the lease of ${hen.id} does not let anybody type into its terminal`, {
    next: `Watch it: coop shell ${hen.id} --read-only; or give it a task with the lease's id: coop task add --lease ID "…"`,
    details: { hen_id: hen.id },
  });
}
