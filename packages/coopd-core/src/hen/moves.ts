import { CoopError } from "../errors/coop-error.ts";
import type { HenId } from "../ids/hen-id.ts";

/** Every state of a hen, in the wire's upper case (contract/domain.md §2). */
export const HEN_STATES = [
  "DEFINED",
  "HATCHING",
  "IDLE",
  "WORKING",
  "LEASED",
  "SLEEPING",
  "DORMANT",
  "ARCHIVED",
] as const;
export type HenState = (typeof HEN_STATES)[number];

/**
 * Every legal move (contract/domain.md §2). Two differ from the original: WORKING → SLEEPING is gone, because a hen
 * never sleeps over a running job (weaknesses D2), and LEASED ↔ WORKING is there, because a leased hen works.
 */
const MOVES: Readonly<Record<HenState, readonly HenState[]>> = {
  DEFINED: ["HATCHING"],
  HATCHING: ["IDLE", "DEFINED"], // back to DEFINED when the boot fails
  IDLE: ["WORKING", "LEASED", "SLEEPING", "DORMANT"],
  WORKING: ["IDLE", "LEASED"], // LEASED when the lease still holds as the last job ends
  LEASED: ["IDLE", "WORKING"],
  SLEEPING: ["IDLE", "DORMANT"],
  DORMANT: ["IDLE", "ARCHIVED"],
  ARCHIVED: ["ARCHIVED"],
};

/** True for a state as the wire writes it. */
export function isHenState(text: string): text is HenState {
  return (HEN_STATES as readonly string[]).includes(text);
}

/** True when the table has the move; staying where one is counts only where it is listed. */
export function isLegalMove(from: HenState, to: HenState): boolean {
  return MOVES[from].includes(to);
}

/** The states a hen may move to from here; what the UI offers as buttons. */
export function movesFrom(state: HenState): readonly HenState[] {
  return MOVES[state];
}

/** @throws CoopError `illegal_move` naming both states and what is legal instead. */
export function assertMove(id: HenId, from: HenState, to: HenState): void {
  if (isLegalMove(from, to)) return;
  throw new CoopError("illegal_move", `${id} is ${from} and cannot become ${to}`, {
    next: `From ${from} it can become: ${MOVES[from].join(", ")}.`,
    details: { hen_id: id, from, to, legal: MOVES[from] },
  });
}
