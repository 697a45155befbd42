import { type Clock, CoopError, type HostWalls, type Store, toCoopError, toInstant } from "coopd-core";

/** What is asked whether it can do its work. */
export interface ReadinessParts {
  readonly store: Pick<Store, "counts" | "putSetting">;
  readonly walls: HostWalls;
  /** False with `COOP_SANDBOX=0`: then nothing that needs walls runs, as it was told. */
  readonly areWallsWanted: boolean;
  readonly clock: Clock;
}

/** Callers within this long share an answer, ms: each probe writes to the disk, and anybody may ask. */
const SHARED_MS = 1_000;
/** A store that does not answer by then is stuck, ms. */
const ANSWER_MS = 5_000;

/**
 * Whether the daemon can really work: the store's thread answers and what it writes reaches the disk, and the walls that
 * hens are to have were measured and hold. @throws CoopError `not_ready` with the reason
 */
export function createReadiness({ store, walls, areWallsWanted, clock }: ReadinessParts): () => Promise<void> {
  let asked: { readonly atMs: number; readonly answer: Promise<void> } | undefined;
  const probe = async () => {
    if (areWallsWanted && !walls.confine.holds) throw notReady("walls", walls.confine.reason);
    const writing = store.putSetting("ready.at", toInstant(clock.nowMs())).then(() => store.counts());
    const late = Bun.sleep(ANSWER_MS).then(() => {
      throw notReady("store", `it has not answered within ${ANSWER_MS / 1000} s`);
    });
    late.catch(() => {}); // only the race hears it
    await Promise.race([writing, late]).catch((error) => {
      const ours = toCoopError(error);
      throw ours.code === "not_ready" ? ours : notReady("store", ours.message);
    });
  };
  return () => {
    const nowMs = clock.nowMs();
    if (asked === undefined || nowMs - asked.atMs >= SHARED_MS || nowMs < asked.atMs) {
      asked = { atMs: nowMs, answer: probe() };
    }
    return asked.answer;
  };
}

function notReady(what: "store" | "walls", reason: string): CoopError {
  return new CoopError("not_ready", `not ready: ${what}: ${reason}`, {
    next: what === "walls" ? "coop doctor shows what this host lacks." : "Look into the daemon's log.",
    details: { what, reason },
  });
}
