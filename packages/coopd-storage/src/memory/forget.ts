import type { HenId, Instant } from "coopd-core";
import { toMs } from "../rows/instants.ts";
import type { WriteScope } from "../rows/scope.ts";

/** Forgets every episode of a hen, those that were set aside too. Nothing to forget is no event and no error. */
export function forget(scope: WriteScope, id: HenId, at: Instant): number {
  const sound = scope.sql.all("DELETE FROM episodes WHERE hen_id = $id RETURNING 1", { id }).length;
  const damaged = scope.sql.all("DELETE FROM quarantine WHERE hen_id = $id AND source = 'episodes' RETURNING 1", {
    id,
  });
  const count = sound + damaged.length;
  if (count > 0) scope.emit({ type: "memory_forgotten", hen_id: id, count }, toMs(at));
  return count;
}
