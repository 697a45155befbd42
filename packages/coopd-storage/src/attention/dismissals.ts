import type { Instant } from "coopd-core";
import { toMs } from "../rows/instants.ts";
import type { ReadScope, WriteScope } from "../rows/scope.ts";

/** Enough for 1,400 a day over the week in which a thing can come up. */
const DISMISSALS_MAX = 10_000;

/** Keeps that a thing was dismissed; again changes nothing. */
export function dismiss(scope: WriteScope, id: string, at: Instant): void {
  scope.sql.run("INSERT INTO dismissals (id, at_ms) VALUES ($id, $at) ON CONFLICT (id) DO NOTHING", {
    id,
    at: toMs(at),
  });
}

/** The newest ids, in no order. */
export function dismissals(scope: ReadScope): readonly string[] {
  return scope.sql
    .all<{ id: string }>("SELECT id FROM dismissals ORDER BY at_ms DESC LIMIT $max", { max: DISMISSALS_MAX })
    .map(({ id }) => id);
}
