import { CoopError, type HenId, henNotFound } from "coopd-core";
import type { WriteScope } from "../rows/scope.ts";

/** From `base`, `count` of them. */
export interface UidRange {
  readonly base: number;
  readonly count: number;
}

/**
 * The uid of a hen. The ring goes on behind the last one that was given out, so a uid comes back as late as possible:
 * files of a deleted hen that were overlooked belong to nobody for as long as can be.
 *
 * @throws CoopError `hen_not_found`, `limit_reached` when every uid of the range is held
 */
export function allotUid(scope: WriteScope, id: HenId, range: UidRange): number {
  const hen = scope.sql.get<{ uid: number | null }>("SELECT uid FROM hens WHERE id = $id AND state <> 'DAMAGED'", {
    id,
  });
  if (hen === undefined) throw henNotFound(id);
  if (hen.uid !== null) return hen.uid;
  const uid = nextFreeUid(scope, range);
  scope.sql.run("UPDATE hens SET uid = $uid WHERE id = $id AND uid IS NULL", { id, uid });
  scope.sql.run("UPDATE farm SET last_uid = $uid WHERE id = 1", { uid });
  return uid;
}

function nextFreeUid(scope: WriteScope, { base, count }: UidRange): number {
  const end = base + count;
  const last = scope.sql.get<{ last_uid: number }>("SELECT last_uid FROM farm")?.last_uid ?? -1;
  const start = last >= base && last + 1 < end ? last + 1 : base;
  const uid = firstFree(scope, start, end) ?? firstFree(scope, base, start);
  if (uid !== undefined) return uid;
  throw new CoopError("limit_reached", `all ${count} uids from ${base} are held by hens`, {
    next: "Delete hens that are not needed any more, or set COOP_UID_BASE to a range of its own.",
    details: { limit: "uids", value: count },
  });
}

/** The lowest uid in [from, end) that no hen holds: the first gap behind an unbroken run of held ones. */
function firstFree(scope: WriteScope, from: number, end: number): number | undefined {
  let free = from;
  const held = scope.sql.all<{ uid: number }>("SELECT uid FROM hens WHERE uid >= $from AND uid < $end ORDER BY uid", {
    from,
    end,
  });
  for (const { uid } of held) {
    if (uid !== free) break;
    free += 1;
  }
  return free < end ? free : undefined;
}
