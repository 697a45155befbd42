import { type Claim, type Clock, CoopError, type JobId, type Log, type Store, toInstant } from "coopd-core";
import { type FarmSlot, FarmSlots } from "./farm-slots.ts";
import type { RunSignals } from "./run-parts.ts";
import { armWallLimit } from "./wall-limit.ts";

export interface DispatcherParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  /** Jobs that run at once on the whole farm. */
  readonly jobsAtOnceMax: number;
  /** Past episodes that a fresh job is shown. */
  readonly memoryContextEntries: number;
  readonly run: (claim: Claim, signals: RunSignals) => Promise<void>;
}

interface Run {
  readonly end: Promise<void>;
  readonly kill: AbortController;
  readonly slot: FarmSlot;
}

/** A failed claim is tried again after this long, ms; a full disk does not get better by asking faster. */
const CLAIM_RETRY_MS = 1_000;

const CANCELLED = new CoopError("cancelled", "cancelled");

/**
 * Claims jobs when the doorbell rings and there is room, and runs them. Nothing polls: it is rung by a submit, by the end
 * of a job, and by whatever makes a hen able to work.
 */
export class Dispatcher {
  readonly #parts: DispatcherParts;
  readonly #running = new Map<JobId, Run>();
  readonly #slots: FarmSlots;
  readonly #windDown = new AbortController();
  #isRung = false;
  #isPaused = false;
  #claiming: Promise<void> | undefined;
  #retry: ReturnType<typeof setTimeout> | undefined;

  constructor(parts: DispatcherParts) {
    this.#parts = parts;
    this.#slots = new FarmSlots(parts.jobsAtOnceMax, () => this.ring());
  }

  /** Goes on with what a former daemon left RUNNING, then claims what is queued. */
  async start(): Promise<void> {
    const left = await this.#parts.store.takeOver(toInstant(this.#parts.clock.nowMs()));
    if (left.length > 0) this.#parts.log.info("jobs go on from their journals", { count: left.length });
    for (const claim of left) this.#launch(claim, this.#slots.takeOver());
    this.ring();
  }

  /** There may be something to claim. Cheap, and safe to call at any time. */
  ring(): void {
    this.#isRung = true;
    if (this.#claiming !== undefined || !this.#mayClaim()) return;
    this.#claiming = this.#claimWhileRung().finally(() => {
      this.#claiming = undefined;
      if (this.#isRung && this.#retry === undefined && this.#mayClaim()) this.ring();
    });
  }

  /** The jobs that have a runner just now. */
  runningJobs(): readonly JobId[] {
    return [...this.#running.keys()];
  }

  /** Places for jobs on the whole farm, and how many are taken. */
  places(): { readonly taken: number; readonly max: number } {
    return this.#slots.places();
  }

  /** A job that waits for another gives its place up; what this answers takes one again, before any new claim. */
  park(id: JobId): (signal: AbortSignal) => Promise<void> {
    const slot = this.#running.get(id)?.slot;
    slot?.park();
    return async (signal) => slot?.comeBack(signal);
  }

  /** Claims nothing until `resume`; resolves when no claim is under way. What runs goes on. */
  async pause(): Promise<void> {
    this.#isPaused = true;
    await this.#claiming;
  }

  resume(): void {
    this.#isPaused = false;
    this.ring();
  }

  /**
   * Ends a job's step under way and with it the job, for `reason` (see {@link RunSignals}); resolves when its runner is
   * gone, at once when it has none.
   */
  async abort(id: JobId, reason: CoopError = CANCELLED): Promise<void> {
    const run = this.#running.get(id);
    run?.kill.abort(reason);
    await run?.end;
  }

  /**
   * Claims nothing more, lets steps under way finish for `graceMs`, then aborts them. Resolves when no job runs. Jobs that
   * were cut off stay RUNNING in the store and go on at the next start.
   */
  async stop(graceMs: number): Promise<void> {
    this.#windDown.abort(new CoopError("shutting_down", "the daemon is stopping"));
    clearTimeout(this.#retry);
    const timer = setTimeout(() => {
      for (const { kill } of this.#running.values())
        kill.abort(new CoopError("shutting_down", "the daemon is stopping"));
    }, graceMs);
    await Promise.allSettled(Array.from(this.#running.values(), ({ end }) => end));
    clearTimeout(timer);
  }

  #mayClaim(): boolean {
    return !this.#isPaused && !this.#windDown.signal.aborted && this.#slots.free() > 0;
  }

  async #claimWhileRung(): Promise<void> {
    while (this.#isRung && this.#mayClaim()) {
      this.#isRung = false;
      const room = this.#slots.reserve();
      let used = 0;
      try {
        const at = toInstant(this.#parts.clock.nowMs());
        const claims = await this.#parts.store.claim({
          count: room.count,
          at,
          episodes: this.#parts.memoryContextEntries,
        });
        used = claims.length;
        for (const claim of claims) this.#launch(claim, this.#slots.slot());
        if (claims.length > 0) this.#isRung = true; // there may be more than one page of them
      } catch (error) {
        this.#parts.log.error("claiming failed", { error, retry_ms: CLAIM_RETRY_MS });
        this.#retry ??= setTimeout(() => {
          this.#retry = undefined;
          this.ring();
        }, CLAIM_RETRY_MS);
      } finally {
        room.fill(used);
      }
    }
  }

  #launch(claim: Claim, slot: FarmSlot): void {
    const { id } = claim.job;
    const kill = new AbortController();
    const disarm = armWallLimit(claim, kill, () => this.#parts.clock.nowMs());
    if (claim.isCancelAsked) kill.abort(CANCELLED);
    const end = this.#parts
      .run(claim, { windDown: this.#windDown.signal, kill: kill.signal, onEnding: () => slot.release() })
      .catch((error) =>
        this.#parts.log.error("a job runner ended with an error", { job: id, epoch: claim.epoch, error }),
      )
      .finally(() => {
        disarm();
        this.#running.delete(id);
        slot.release();
        this.ring();
      });
    this.#running.set(id, { end, kill, slot });
  }
}
