import type { EgressEntry, EgressFilter, HenId, Store } from "coopd-core";
import { readHen } from "../farm/read-hen.ts";
import type { EgressLog } from "./egress-log.ts";

/** Hens' egress logs, as they are read. */
export class EgressLogs {
  readonly #store: Store;
  readonly #log: EgressLog;

  constructor(store: Store, log: EgressLog) {
    this.#store = store;
    this.#log = log;
  }

  /** Before a reading: the hen is there, and what was recorded so far is in the log. @throws CoopError `hen_not_found` */
  async settle(id: HenId): Promise<void> {
    await readHen(this.#store, id);
    await this.#log.flush();
  }

  /** A page by seq, strictly behind `after` in the order of the listing. */
  read(
    id: HenId,
    filter: EgressFilter,
    page: { readonly after?: number; readonly limit: number },
  ): Promise<readonly EgressEntry[]> {
    return this.#store.egress(id, filter, page);
  }
}
