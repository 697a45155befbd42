import {
  type Clock,
  CoopError,
  fromInstant,
  type Hen,
  type HenId,
  type Log,
  PAGE_MAX,
  type Store,
  toInstant,
} from "coopd-core";
import type { Pens } from "./pens.ts";

/** What putting idle hens away needs. */
export interface DormancyParts {
  readonly store: Store;
  readonly pens: Pick<Pens, "letGo">;
  readonly clock: Clock;
  readonly log: Log;
  /** IDLE for this long and a hen becomes DORMANT, s; 0 switches it off. */
  readonly idleSecs: number;
  /** A hen whose terminal is live is in use, whatever its state says. */
  readonly hasTerminal: (id: HenId) => boolean;
}

/** How often hens are looked at, ms: dormancy is counted in minutes, and waking is automatic. */
const LOOK_MS = 30_000;

/**
 * Makes hens DORMANT that have been IDLE for long. It counts from a hen's last move, and never from before this daemon
 * started, so a restart puts nobody to sleep (weaknesses D10). Returns the way to stop it.
 */
export function startDormancy(parts: DormancyParts): () => void {
  if (parts.idleSecs === 0) return () => {};
  const startedMs = parts.clock.nowMs();
  const everyMs = Math.min(LOOK_MS, parts.idleSecs * 1_000);
  const timer = setInterval(() => {
    putAway(parts, startedMs).catch((error) => parts.log.warn("idle hens could not be put away", { error }));
  }, everyMs);
  return () => clearInterval(timer);
}

/** One look at all IDLE hens. @returns how many became DORMANT */
export async function putAway(parts: DormancyParts, startedMs: number): Promise<number> {
  const { store, clock, idleSecs, hasTerminal } = parts;
  const nowMs = clock.nowMs();
  const isDue = (hen: Hen) =>
    nowMs - Math.max(startedMs, fromInstant(hen.updated_at)) >= idleSecs * 1_000 && !hasTerminal(hen.id);
  let count = 0;
  let after: string | undefined;
  for (;;) {
    const hens = await store.hens({ state: "IDLE" }, { limit: PAGE_MAX, ...(after === undefined ? {} : { after }) });
    for (const { id } of hens.filter(isDue)) {
      // A hen that a job was claimed for in between stays: the move is refused.
      const at = toInstant(nowMs);
      const moved = await store.moveHen({ id, from: "IDLE", moves: ["DORMANT"], at }).catch(ignoreMoved);
      if (moved === undefined) continue;
      await parts.pens.letGo(id);
      count += 1;
    }
    if (hens.length < PAGE_MAX) return count;
    after = hens.at(-1)?.id;
  }
}

function ignoreMoved(error: unknown): undefined {
  const codes = ["illegal_move", "hen_busy", "hen_not_found"];
  if (error instanceof CoopError && codes.includes(error.code)) return undefined;
  throw error;
}
