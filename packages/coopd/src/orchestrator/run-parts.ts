import type { Clock, HostWalls, Log, ModelBook, Store } from "coopd-core";
import type { BrainShop } from "../brains/brain-shop.ts";
import type { Wants } from "../farm/wants.ts";
import type { FarmCeilings } from "../spend/farm-ceilings.ts";
import type { SpendBell } from "../spend/spend-bell.ts";
import type { ProgressFeed } from "../watch/progress-feed.ts";
import type { TokenFeed } from "../watch/token-feed.ts";
import type { ToolCaller } from "./tool-caller.ts";

/** What carrying jobs needs. */
export interface RunnerParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly newId: () => string;
  readonly log: Log;
  /** Builds the hen's brain; throws a CoopError that fails the job. */
  readonly brainFor: BrainShop;
  readonly tools: ToolCaller;
  readonly memoryContextEntries: number;
  readonly progress: ProgressFeed;
  readonly tokens: TokenFeed;
  readonly models: ModelBook;
  readonly ceilings: Pick<FarmCeilings, "read">;
  /** Rung when a call's reservation is settled. */
  readonly bell: SpendBell;
  readonly walls: HostWalls;
  /** Keeps the jobs of hens that lack something. */
  readonly wants: Wants;
}

/** How a run is told to end. */
export interface RunSignals {
  /** Aborted when the daemon winds down: the step under way may finish, no new one starts. */
  readonly windDown: AbortSignal;
  /**
   * Aborted when the step under way must end too. Its reason says what becomes of the job: `shutting_down` leaves it to
   * the restart, `cancelled` settles it CANCELLED, any other code FAILED.
   */
  readonly kill: AbortSignal;
  /** Called when nothing is left to do but to write down the end, so that the next job's claim may share its commit. */
  readonly onEnding: () => void;
}
