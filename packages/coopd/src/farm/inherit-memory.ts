import { type Episode, type EpisodeId, type Hen, PAGE_MAX, parseHenId, type Store } from "coopd-core";

/** A hen before it is stored, with what it remembers from the start. */
export interface Heir {
  readonly hen: Hen;
  readonly episodes: readonly Episode[];
  /** Why it inherits nothing though its manifest asks for it. */
  readonly warning?: string;
}

/**
 * Carries out `memory.inherit_from`: the newest 1,000 episodes of the parent become the child's own, with new ids and
 * everything else kept, and the child counts one generation more (contract/domain.md §7). They are stored with the hen or
 * not at all. A parent that is not there is a warning, as in the original.
 */
export async function inheritMemory(store: Store, hen: Hen, newId: () => string): Promise<Heir> {
  const from = hen.manifest.memory?.inherit_from ?? null;
  if (from === null) return { hen, episodes: [] };
  const parent = await store.hen(parseHenId(from));
  if (parent === undefined) {
    return { hen, episodes: [], warning: `memory.inherit_from: there is no hen ${from}; nothing was inherited` };
  }
  const episodes = await store.episodes(parent.id, PAGE_MAX);
  return {
    hen: { ...hen, lineage: { parent: parent.id, generation: Math.max(parent.lineage.generation, 1) + 1 } },
    episodes: episodes.map((episode) => ({ ...episode, id: newId() as EpisodeId, hen_id: hen.id })),
  };
}
