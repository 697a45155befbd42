import { CoopError, type ErrorCode, type HenId, type Log, type NetworkSpec, type Store } from "coopd-core";

/** What holding hens to their stored policies needs. */
export interface ApplyNetworkParts {
  readonly store: Pick<Store, "hen">;
  readonly log: Log;
  /** The sandbox's: the policy holds at once whatever it throws. */
  readonly setNetwork: (henId: HenId, network: NetworkSpec | null) => Promise<void>;
}

/** What the sandbox says when a policy holds, and clients that know no proxy may still find a port closed. */
const LESS_THAN_ALL: readonly ErrorCode[] = ["sandbox_failed", "limit_reached"];

/**
 * Has a hen held to the policy that is stored. Calls for one hen run one after the other and each reads what is stored then,
 * so that of two changes at the same time the one that was stored last is the one that holds in the end.
 * @returns what is less than it could be; undefined where nothing is
 */
export function createNetworkApplier(parts: ApplyNetworkParts): (id: HenId) => Promise<string | undefined> {
  const running = new Map<HenId, Promise<unknown>>();
  return (id) => {
    const mine = (running.get(id) ?? Promise.resolve()).then(() => apply(id, parts));
    const settled = mine.catch(() => undefined); // its own caller hears of it
    running.set(id, settled);
    void settled.then(() => {
      if (running.get(id) === settled) running.delete(id);
    });
    return mine;
  };
}

async function apply(id: HenId, { store, log, setNetwork }: ApplyNetworkParts): Promise<string | undefined> {
  const hen = await store.hen(id);
  if (hen === undefined) return undefined;
  try {
    await setNetwork(id, hen.manifest.network);
    return undefined;
  } catch (error) {
    if (!(error instanceof CoopError && LESS_THAN_ALL.includes(error.code))) throw error;
    log.warn("a network policy holds, but not all of its ports are caught", { hen: id, error });
    return `it holds, but clients that use no proxy may not get out: ${error.message}`;
  }
}
