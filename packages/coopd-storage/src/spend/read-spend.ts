import { type HenId, NO_SPEND, PAGE_MAX, SPEND_FIELDS, type Spend, type UsageQuery, type UsageSum } from "coopd-core";
import type { Scope } from "../rows/scope.ts";

const SUMS = SPEND_FIELDS.map((field) => `coalesce(sum(${field}), 0) AS ${field}`).join(", ");

const KEYS: Readonly<Record<UsageQuery["by"], string>> = {
  day: "CAST(day AS TEXT)",
  hen: "hen_id",
  model: "provider || ' ' || model",
};

/** What a hen has spent in its whole life, and on one day. */
export function henSpend(scope: Scope, id: HenId, day: number): { readonly total: Spend; readonly day: Spend } {
  const sum = (where: string, values: Readonly<Record<string, string | number>>) =>
    scope.sql.get<Spend>(`SELECT ${SUMS} FROM spend WHERE ${where}`, values) ?? NO_SPEND;
  return {
    total: sum("hen_id = $id", { id }),
    day: sum("hen_id = $id AND day = $day", { id, day }),
  };
}

/** The farm's spending, summed up; days in order, anything else the dearest first. At most PAGE_MAX sums. */
export function usage(scope: Scope, { by, since, until, henId }: UsageQuery): readonly UsageSum[] {
  const order = by === "day" ? "day" : "usd_micros + uncertain_usd_micros DESC, unpriced_tokens DESC, key";
  const rows = scope.sql.all<Spend & { readonly key: string }>(
    `SELECT ${KEYS[by]} AS key, ${SUMS} FROM spend WHERE day BETWEEN $since AND $until ${henId === undefined ? "" : "AND hen_id = $henId"}
     GROUP BY key ORDER BY ${order} LIMIT ${PAGE_MAX}`,
    { since, until, ...(henId === undefined ? {} : { henId }) },
  );
  return rows.map(({ key, ...spend }) => ({ key, spend }));
}
