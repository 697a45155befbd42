import { type HenId, henNotFound } from "coopd-core";
import type { WriteScope } from "../rows/scope.ts";
import { updateReadiness } from "./readiness.ts";

/** Holds the hen's queue or lets it go: nothing of a held hen is claimed. @throws CoopError `hen_not_found` */
export function holdHen(scope: WriteScope, id: HenId, isHeld: boolean): void {
  const held = scope.sql.get("UPDATE hens SET held = $held WHERE id = $id AND state <> 'DAMAGED' RETURNING id", {
    id,
    held: isHeld ? 1 : 0,
  });
  if (held === undefined) throw henNotFound(id);
  updateReadiness(scope, id);
}

/** Lets every hen go; who held one is a daemon that is not there any more. */
export function releaseAll(scope: WriteScope): void {
  const held = scope.sql.all<{ id: HenId }>("UPDATE hens SET held = 0 WHERE held = 1 RETURNING id");
  for (const { id } of held) updateReadiness(scope, id);
}
