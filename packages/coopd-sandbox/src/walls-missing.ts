import { CoopError, type WallRow } from "coopd-core";

/** Until the gate is built there is none, and every hen runs without network. */
export const NO_GATE: WallRow = { holds: false, reason: "the egress gate is not part of this version" };

/** The refusal of every process where a wall is missing. */
export function wallsMissing(reason: string): CoopError {
  return new CoopError("walls_missing", `nothing can be run for a hen here: ${reason}`, {
    next: "See what this host can confine: coop doctor",
  });
}
