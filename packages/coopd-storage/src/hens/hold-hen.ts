import { type HenHold, type HenId, henNotFound } from "coopd-core";
import type { WriteScope } from "../rows/scope.ts";
import { updateReadiness } from "./readiness.ts";

/** Bits of the column `held`: a hen may be held for more than one reason, and is let go when none is left. */
const BITS: Readonly<Record<HenHold, number>> = { move: 1, walls: 2, vault: 4 };

/** Holds the hen's queue for a reason, or ends that reason: nothing of a held hen is claimed. @throws CoopError `hen_not_found` */
export function holdHen(scope: WriteScope, id: HenId, hold: HenHold, isHeld: boolean): void {
  const set = isHeld ? "held | $bit" : "held & ~$bit";
  const held = scope.sql.get(`UPDATE hens SET held = ${set} WHERE id = $id AND state <> 'DAMAGED' RETURNING id`, {
    id,
    bit: BITS[hold],
  });
  if (held === undefined) throw henNotFound(id);
  updateReadiness(scope, id);
}

/** Lets every hen go; who held one is a daemon that is not there any more. */
export function releaseAll(scope: WriteScope): void {
  const held = scope.sql.all<{ id: HenId }>("UPDATE hens SET held = 0 WHERE held <> 0 RETURNING id");
  for (const { id } of held) updateReadiness(scope, id);
}
