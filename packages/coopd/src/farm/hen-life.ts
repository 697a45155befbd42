import {
  type AdmitRequest,
  admit,
  type Clock,
  CoopError,
  type Hen,
  type HenId,
  type JobId,
  type Log,
  type ModelBook,
  type Store,
  toInstant,
} from "coopd-core";
import type { Terminals } from "../terminals/terminals.ts";
import type { JobControl } from "./job-control.ts";
import type { Pens } from "./pens.ts";
import { isLostRace, RACES_MAX, readHen, readRunningJob } from "./read-hen.ts";
import type { Wants } from "./wants.ts";

/** What a hen's moves need. */
export interface HenLifeParts {
  readonly store: Store;
  readonly pens: Pens;
  readonly clock: Clock;
  readonly log: Log;
  readonly jobs: JobControl;
  readonly wants: Wants;
  readonly models: ModelBook;
  /** Ends the terminal of a hen that may have none any more, and returns when nothing of it runs. */
  readonly terminals: Pick<Terminals, "reconcile" | "end">;
  /** @throws CoopError `agent_missing` when the program that the hen lives by is not inside its sandbox */
  readonly requireAgent: (hen: Hen) => Promise<void>;
  /** Tells the dispatcher that a hen may have become able to work. */
  readonly ring: () => void;
}

type Ask = (hen: Hen, busy: { readonly runningJobId: JobId | null; readonly queuedJobs: number }) => AdmitRequest;

/** Brings hens through their states; `admit` says what may happen, the store makes it happen at once or not at all. */
export class HenLife {
  readonly #parts: HenLifeParts;

  constructor(parts: HenLifeParts) {
    this.#parts = parts;
  }

  /**
   * DEFINED → HATCHING → IDLE, or back to DEFINED when the pen cannot be made or its agent is not in it.
   * @throws CoopError `hen_not_found`, `illegal_move`, `walls_missing`, `sandbox_failed`, `agent_missing`
   */
  async hatch(id: HenId): Promise<void> {
    const { store, pens, log } = this.#parts;
    const hen = await readHen(this.#parts.store, id);
    admit({ action: "hatch", hen, walls: pens.walls, models: this.#parts.models });
    await store.moveHen({ id, from: hen.state, moves: ["HATCHING"], at: this.#now() });
    try {
      await pens.open(hen);
      await this.#parts.requireAgent(hen);
    } catch (error) {
      await store.moveHen({ id, from: "HATCHING", moves: ["DEFINED"], at: this.#now() });
      log.warn("hatch failed", { hen: id, error });
      throw error;
    }
    await store.moveHen({ id, from: "HATCHING", moves: ["IDLE"], at: this.#now() });
    this.#parts.ring();
  }

  /** With `force` what runs is cancelled first; what is queued waits for the waking. @throws CoopError `hen_busy`, `illegal_move` */
  async sleep(id: HenId, force = false): Promise<void> {
    await this.#move(
      id,
      (hen, { runningJobId }) => ({ action: "sleep", hen, runningJobId }),
      force ? "running" : "none",
    );
    await this.#parts.pens.letGo(id);
  }

  async wake(id: HenId): Promise<void> {
    const { walls } = this.#parts.pens;
    await this.#move(id, (hen, { runningJobId }) => ({ action: "wake", hen, runningJobId, walls }), "none");
    this.#parts.ring();
  }

  /** For good: read-only. With `force` its jobs are cancelled first, also those that wait. @throws CoopError `hen_busy`, `illegal_move` */
  async archive(id: HenId, force = false): Promise<void> {
    await this.#move(id, (hen, busy) => ({ action: "archive", hen, ...busy }), force ? "all" : "none");
    await this.#parts.pens.letGo(id);
  }

  /** Removes the hen, its jobs, journals, memory and workdir; with `force` what runs is cancelled first. @throws CoopError `hen_busy` */
  async delete(id: HenId, force = false): Promise<void> {
    const { store, pens } = this.#parts;
    await this.#whileHeld(id, force, async () => {
      if (force) await this.#parts.jobs.cancelAllOf(id, true);
      const hen = await readHen(this.#parts.store, id);
      admit({ action: "delete", hen, runningJobId: await readRunningJob(this.#parts.store, id) });
      await store.deleteHen(id, this.#now());
    });
    this.#parts.wants.forget(id);
    await this.#parts.terminals.end(id, "the hen was deleted");
    await pens.remove(id);
  }

  /** Reads, asks, moves; a caller that loses a race asks again about the hen as it is then. */
  async #move(id: HenId, ask: Ask, cancels: "none" | "running" | "all"): Promise<void> {
    await this.#whileHeld(id, cancels !== "none", async () => {
      if (cancels !== "none") await this.#parts.jobs.cancelAllOf(id, cancels === "all");
      for (let race = 1; ; race += 1) {
        const hen = await readHen(this.#parts.store, id);
        const { moves } = admit(
          ask(hen, { runningJobId: await readRunningJob(this.#parts.store, id), queuedJobs: await this.#queued(id) }),
        );
        try {
          await this.#parts.store.moveHen({ id, from: hen.state, moves, at: this.#now() });
          await this.#parts.terminals.reconcile(id);
          return;
        } catch (error) {
          if (!isLostRace(error) || race >= RACES_MAX) throw error;
        }
      }
    });
  }

  /** Holds the hen's queue meanwhile, or the next job would be claimed the moment that the cancelled one ends. */
  async #whileHeld(id: HenId, isHeld: boolean, work: () => Promise<void>): Promise<void> {
    if (!isHeld) return work();
    await this.#parts.store.holdHen(id, "move", true);
    try {
      await work();
    } finally {
      await this.#parts.store.holdHen(id, "move", false).catch(ignoreGone);
      this.#parts.ring();
    }
  }

  async #queued(id: HenId): Promise<number> {
    return (await this.#parts.store.jobs({ henId: id, status: ["QUEUED"] }, { limit: 1 })).length;
  }

  #now() {
    return toInstant(this.#parts.clock.nowMs());
  }
}

/** A deleted hen needs no release. */
function ignoreGone(error: unknown): void {
  if (error instanceof CoopError && error.code === "hen_not_found") return;
  throw error;
}
