import { assertMove, CoopError, type HenId, type HenState } from "coopd-core";
import type { WriteScope } from "../rows/scope.ts";

/** Where a chain of moves ends. @throws CoopError `illegal_move` when one of them is not in the table */
export function walkMoves(id: HenId, from: HenState, moves: readonly HenState[]): HenState {
  let state = from;
  for (const to of moves) {
    assertMove(id, state, to);
    state = to;
  }
  return state;
}

/** One event a move, in order. */
export function emitMoves(scope: WriteScope, id: HenId, from: HenState, moves: readonly HenState[], at: number): void {
  let state = from;
  for (const to of moves) {
    scope.emit({ type: "hen_state_changed", id, from: state, to }, at);
    state = to;
  }
}

/** The refusal of a caller who counted on a state that the hen is not in (any more). */
export function notInState(id: HenId, found: HenState, wanted: readonly HenState[]): CoopError {
  return new CoopError("illegal_move", `${id} is ${found}, not ${wanted.join(" or ")}`, {
    next: `See it: coop hen get ${id}`,
    details: { hen_id: id, from: found, wanted },
  });
}
