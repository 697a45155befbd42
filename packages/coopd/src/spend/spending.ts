import {
  addSpend,
  type Clock,
  CoopError,
  dayOfMs,
  type HenId,
  type HenUsageView,
  NO_HEN_USAGE,
  NO_SPEND,
  type SpendView,
  type Store,
  toDayText,
  toSpendView,
  toUsageRow,
  type UsageQuery,
  type UsageReport,
} from "coopd-core";
import { readHen } from "../farm/read-hen.ts";

/** What telling the farm's spending needs. */
export interface SpendingParts {
  readonly store: Store;
  readonly clock: Clock;
}

/** Which calls are summed up; days as numbers since 1970. */
export type UsageRequest = Pick<UsageQuery, "by"> & Partial<UsageQuery>;

/** Days of one report: the sums of a year and a day are still one page. */
const DAYS_MAX = 366;
/** A month, today included. */
const DAYS_DEFAULT = 30;

/** Tells what hens and the farm have used, and what it cost. */
export class Spending {
  readonly #parts: SpendingParts;

  constructor(parts: SpendingParts) {
    this.#parts = parts;
  }

  /** Thirty days up to today, unless asked otherwise. @throws CoopError `hen_not_found`, `bad_query` */
  async report({
    by,
    henId,
    until = this.#today(),
    since = until - DAYS_DEFAULT + 1,
  }: UsageRequest): Promise<UsageReport> {
    if (since > until || until - since >= DAYS_MAX) {
      throw new CoopError("bad_query", `since must be a day up to until, and less than ${DAYS_MAX} days before it`);
    }
    if (henId !== undefined) await readHen(this.#parts.store, henId);
    const query = { by, since, until, ...(henId === undefined ? {} : { henId }) };
    const sums = await this.#parts.store.usage(query);
    // The sums of days hold everything, whatever is listed.
    const days = by === "day" ? sums : await this.#parts.store.usage({ ...query, by: "day" });
    return {
      by,
      since: toDayText(since),
      until: toDayText(until),
      rows: sums.map((sum) => toUsageRow(sum, by, by === "day" ? toDayText(Number(sum.key)) : null)),
      total: toSpendView(days.reduce((sum, { spend }) => addSpend(sum, spend), NO_SPEND)),
    };
  }

  /** What the whole farm has used since midnight, UTC. */
  async today(): Promise<SpendView> {
    const day = this.#today();
    const sums = await this.#parts.store.usage({ by: "day", since: day, until: day });
    return toSpendView(sums.reduce((sum, { spend }) => addSpend(sum, spend), NO_SPEND));
  }

  /** @throws CoopError `hen_not_found` */
  async ofHen(id: HenId): Promise<HenUsageView> {
    const { store } = this.#parts;
    await readHen(store, id);
    const { total, day } = await store.henSpend(id, this.#today());
    const usage = (await store.henUsage(id)) ?? NO_HEN_USAGE;
    return { ...usage, spend: toSpendView(total), today: toSpendView(day) };
  }

  #today(): number {
    return dayOfMs(this.#parts.clock.nowMs());
  }
}
