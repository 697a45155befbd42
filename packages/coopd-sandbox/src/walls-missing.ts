import { CoopError } from "coopd-core";

/** The refusal of every process where a wall is missing. */
export function wallsMissing(reason: string): CoopError {
  return new CoopError("walls_missing", `nothing can be run for a hen here: ${reason}`, {
    next: "See what this host can confine: coop doctor",
  });
}
