import { type FarmLimits, NO_FARM_LIMITS, type Store } from "coopd-core";

/** The setting that holds the farm's ceilings, as JSON. */
const KEY = "farm.limits";

/** The ceilings that the farmer set for the whole farm; they hold over restarts, and from the next call on. */
export class FarmCeilings {
  readonly #store: Pick<Store, "setting" | "putSetting">;
  #known: FarmLimits | undefined;

  constructor(store: Pick<Store, "setting" | "putSetting">) {
    this.#store = store;
  }

  async read(): Promise<FarmLimits> {
    if (this.#known === undefined) {
      const text = await this.#store.setting(KEY);
      this.#known ??= { ...NO_FARM_LIMITS, ...(text === undefined ? {} : (JSON.parse(text) as Partial<FarmLimits>)) };
    }
    return this.#known;
  }

  /** Replaces those that are given; null takes one away. @returns all of them as they are then */
  async change(limits: Partial<FarmLimits>): Promise<FarmLimits> {
    const next = { ...(await this.read()), ...limits };
    await this.#store.putSetting(KEY, JSON.stringify(next));
    this.#known = next;
    return next;
  }
}
