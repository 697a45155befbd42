import { type Clock, type Log, PAGE_MAX, type Store, toInstant } from "coopd-core";

/** A hatch that a crash cut off did not happen: the hen goes back to DEFINED, and hatching it again starts over. */
export async function settleHatching(store: Store, clock: Clock, log: Log): Promise<void> {
  for (;;) {
    const hens = await store.hens({ state: "HATCHING" }, { limit: PAGE_MAX });
    for (const { id } of hens) {
      await store.moveHen({ id, from: "HATCHING", moves: ["DEFINED"], at: toInstant(clock.nowMs()) });
      log.warn("a hatch was cut off by the last stop", { hen: id });
    }
    if (hens.length < PAGE_MAX) return;
  }
}
