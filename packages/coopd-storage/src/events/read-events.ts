import type { FarmEvent } from "coopd-core";
import { type ReadScope, readRows, type Scope, toRowLimit } from "../rows/scope.ts";
import { type EventRow, lastEventSeq, toEvent } from "./event-row.ts";

/** Ordered by seq, strictly behind `since`. */
export function events(scope: ReadScope, since: number, limit: number): readonly FarmEvent[] {
  return readRows<EventRow, FarmEvent>(scope, toRowLimit(limit), {
    fetch: (last, rows) =>
      scope.sql.all("SELECT seq, at_ms, body FROM events WHERE seq > $after ORDER BY seq LIMIT $rows", {
        after: last?.seq ?? since,
        rows,
      }),
    decode: toEvent,
  });
}

/** The oldest seq that is kept; when all are pruned, the one that comes next. */
export function firstEventSeq(scope: Scope): number {
  const oldest = scope.sql.get<{ seq: number | null }>("SELECT min(seq) AS seq FROM events")?.seq;
  return oldest ?? lastEventSeq(scope) + 1;
}
