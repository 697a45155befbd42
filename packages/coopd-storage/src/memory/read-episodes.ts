import type { Episode, HenId } from "coopd-core";
import { type ReadScope, readRows, toRowLimit } from "../rows/scope.ts";
import { type EpisodeRow, toEpisode } from "./episode-row.ts";

/** The `limit` newest by id, oldest first. */
export function episodes(scope: ReadScope, henId: HenId, limit: number): readonly Episode[] {
  const newestFirst = readRows<EpisodeRow, Episode>(scope, toRowLimit(limit), {
    fetch: (last, rows) =>
      last === undefined
        ? scope.sql.all("SELECT id, body FROM episodes WHERE hen_id = $henId ORDER BY id DESC LIMIT $rows", {
            henId,
            rows,
          })
        : scope.sql.all(
            "SELECT id, body FROM episodes WHERE hen_id = $henId AND id < $before ORDER BY id DESC LIMIT $rows",
            { henId, before: last.id, rows },
          ),
    decode: toEpisode,
  });
  return newestFirst.reverse();
}
