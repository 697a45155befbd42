import type { HenId } from "../ids/hen-id.ts";
import { type Spend, type SpendView, toSpendView } from "./spend.ts";

/** How the farm's spending is summed up. */
export const USAGE_GROUPS = ["day", "hen", "model"] as const;
export type UsageGroup = (typeof USAGE_GROUPS)[number];

/** Which calls are summed up: days as numbers since 1970, both ends included. */
export interface UsageQuery {
  readonly by: UsageGroup;
  readonly since: number;
  readonly until: number;
  readonly henId?: HenId;
}

/** One sum as the store gives it; `key` is a day's number, a hen's id (empty: hens that are gone) or `<provider> <model>`. */
export interface UsageSum {
  readonly key: string;
  readonly spend: Spend;
}

/** One sum on the wire; only the field that was grouped by is not null. A hen that is gone is null too. */
export interface UsageRow extends SpendView {
  readonly day: string | null;
  readonly hen_id: HenId | null;
  readonly model: string | null;
}

/** `GET /usage`. */
export interface UsageReport {
  readonly by: UsageGroup;
  readonly since: string;
  readonly until: string;
  readonly rows: readonly UsageRow[];
  readonly total: SpendView;
}

/** The row for the wire; `day` is the text of the key where days are summed up. */
export function toUsageRow({ key, spend }: UsageSum, by: UsageGroup, day: string | null): UsageRow {
  const view = toSpendView(spend);
  return {
    day: by === "day" ? day : null,
    hen_id: by === "hen" && key !== "" ? (key as HenId) : null,
    model: by === "model" ? key : null,
    ...view,
  };
}
