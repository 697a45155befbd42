import { admit, type Clock, type Hen, type HenId, type ModelBook, type Store, toInstant } from "coopd-core";
import { parseNetwork, withNetwork } from "coopd-core/manifest";
import type { Pens } from "./pens.ts";
import { isLostRevision, RACES_MAX, readHen } from "./read-hen.ts";

/** What changing networks needs. */
export interface NetworksParts {
  readonly store: Store;
  readonly pens: Pens;
  readonly clock: Clock;
  readonly models: ModelBook;
}

/** What a change made. */
export interface ChangedNetwork {
  readonly hen: Hen;
  readonly warnings: readonly string[];
}

/** Changes what hens may reach, without the rest of their manifests. */
export class Networks {
  readonly #parts: NetworksParts;

  constructor(parts: NetworksParts) {
    this.#parts = parts;
  }

  /**
   * Puts a network block in the place of the hen's; null is none, which is policy open. Manifest and text change in one
   * transaction, and comments stay. It holds at once, also for what is connected. Without a `revision` the last one wins.
   * @throws CoopError `hen_not_found`, `manifest_invalid`, `revision_conflict`, `walls_missing`, `hen_archived`
   */
  async put(id: HenId, block: unknown, revision: number | undefined): Promise<ChangedNetwork> {
    const { store, pens, clock } = this.#parts;
    await readHen(store, id); // a hen that is not there is said first
    const { network, warnings } = parseNetwork(block);
    for (let race = 1; ; race += 1) {
      const hen = await readHen(store, id);
      const manifest = { ...hen.manifest, network };
      admit({ action: "manifest", hen, next: manifest, walls: pens.walls, models: this.#parts.models });
      const text = (await store.manifestText(id)) ?? "";
      try {
        const put = await store.putManifest({
          id,
          revision: revision ?? hen.manifest_revision,
          manifest,
          manifestText: withNetwork(text, hen.manifest, network),
          at: toInstant(clock.nowMs()),
        });
        const less = await pens.applyNetwork(id);
        return { hen: put, warnings: less === undefined ? warnings : [...warnings, `network: ${less}`] };
      } catch (error) {
        if (revision !== undefined || !isLostRevision(error) || race >= RACES_MAX) throw error;
      }
    }
  }
}
