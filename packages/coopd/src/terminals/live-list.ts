import type { HenId, Log, Store } from "coopd-core";

/** The setting that holds the hens whose terminals are live, so that the next daemon knows which were lost with this one. */
const LIVE = "terminals.live";

/** Which terminals are live, kept over restarts only to tell what became of them. */
export interface LiveList {
  opened(id: HenId): void;
  ended(id: HenId): void;
  /** What to tell the first who opens a terminal that an earlier daemon took with it; once a hen. */
  takeLost(id: HenId): string | undefined;
  /** Everything is written. */
  settled(): Promise<void>;
}

/** Reads what an earlier daemon left, and begins anew. */
export async function openLiveList(store: Pick<Store, "setting" | "putSetting">, log: Log): Promise<LiveList> {
  const lost = new Set(parseIds(await store.setting(LIVE)));
  const live = new Set<HenId>();
  let writing: Promise<void> = Promise.resolve();
  const write = () => {
    writing = writing
      .then(() => store.putSetting(LIVE, JSON.stringify([...live, ...lost])))
      .catch((error) => log.warn("the list of live terminals could not be kept", { error }));
  };
  return {
    opened(id) {
      live.add(id);
      write();
    },
    ended(id) {
      live.delete(id);
      write();
    },
    takeLost(id) {
      if (!lost.delete(id)) return undefined;
      return "an earlier terminal of this hen ended when the daemon stopped; this is a new one in the same folder";
    },
    settled: () => writing,
  };
}

function parseIds(text: string | undefined): readonly HenId[] {
  try {
    const value: unknown = JSON.parse(text ?? "[]");
    return Array.isArray(value) ? value.filter((each): each is HenId => typeof each === "string") : [];
  } catch {
    return [];
  }
}
