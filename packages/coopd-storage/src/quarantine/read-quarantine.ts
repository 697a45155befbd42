import { PAGE_MAX } from "coopd-core";
import type { Scope } from "../rows/scope.ts";

/** One row that was set aside. */
export interface Quarantined {
  readonly table: string;
  readonly key: string;
  readonly reason: string;
}

/** The newest PAGE_MAX of them, newest first. */
export function quarantined(scope: Scope): readonly Quarantined[] {
  return scope.sql.all(`SELECT source AS "table", key, reason FROM quarantine ORDER BY no DESC LIMIT $limit`, {
    limit: PAGE_MAX,
  });
}
