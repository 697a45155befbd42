import type { Hen, HenId, HostWalls } from "coopd-core";
import type { HenFolder } from "coopd-sandbox";

/** What the farm does with hens outside the store: their pens. */
export interface Pens {
  readonly walls: HostWalls;
  /** Makes the hen's pen; what hatching waits for. */
  open(hen: Hen): Promise<HenFolder>;
  /** The hen goes to sleep: its network is let go, with every connection; made anew by its next process. */
  letGo(id: HenId): Promise<void>;
  /**
   * Has the hen held to the network policy that is stored, at once. @returns what is less than it could be, as words behind
   * "network: "; undefined where nothing is
   */
  applyNetwork(id: HenId): Promise<string | undefined>;
  /** Kills what runs in it and removes its workdir; a hen that has none is fine. */
  remove(id: HenId): Promise<void>;
}
