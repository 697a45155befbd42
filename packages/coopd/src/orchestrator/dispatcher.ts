import {
  type Claim,
  type Clock,
  CoopError,
  fromInstant,
  type JobId,
  type Log,
  type Store,
  toInstant,
} from "coopd-core";
import type { RunSignals } from "./job-runner.ts";

export interface DispatcherParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  /** Jobs that run at once on the whole farm. */
  readonly jobsAtOnceMax: number;
  readonly run: (claim: Claim, signals: RunSignals) => Promise<void>;
}

/** A failed claim is tried again after this long, ms; a full disk does not get better by asking faster. */
const CLAIM_RETRY_MS = 1_000;

/**
 * Claims jobs when the doorbell rings and there is room, and runs them. Nothing polls: it is rung by a submit, by the end
 * of a job, and by whatever makes a hen able to work.
 */
export class Dispatcher {
  readonly #parts: DispatcherParts;
  readonly #running = new Map<JobId, { readonly end: Promise<void>; readonly kill: AbortController }>();
  readonly #windDown = new AbortController();
  #isRung = false;
  #isClaiming = false;
  #retry: ReturnType<typeof setTimeout> | undefined;

  constructor(parts: DispatcherParts) {
    this.#parts = parts;
  }

  /** Goes on with what a former daemon left RUNNING, then claims what is queued. */
  async start(): Promise<void> {
    const left = await this.#parts.store.takeOver(toInstant(this.#parts.clock.nowMs()));
    if (left.length > 0) this.#parts.log.info("jobs go on from their journals", { count: left.length });
    for (const claim of left) this.#launch(claim);
    this.ring();
  }

  /** There may be something to claim. Cheap, and safe to call at any time. */
  ring(): void {
    this.#isRung = true;
    if (this.#isClaiming || this.#windDown.signal.aborted) return;
    this.#isClaiming = true;
    void this.#claimWhileRung().finally(() => {
      this.#isClaiming = false;
      if (this.#isRung && !this.#windDown.signal.aborted && this.#retry === undefined && this.#room() > 0) this.ring();
    });
  }

  get runningCount(): number {
    return this.#running.size;
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

  #room(): number {
    return this.#parts.jobsAtOnceMax - this.#running.size;
  }

  async #claimWhileRung(): Promise<void> {
    while (this.#isRung && this.#room() > 0 && !this.#windDown.signal.aborted) {
      this.#isRung = false;
      try {
        const claims = await this.#parts.store.claim({ count: this.#room(), at: toInstant(this.#parts.clock.nowMs()) });
        for (const claim of claims) this.#launch(claim);
        if (claims.length > 0) this.#isRung = true; // there may be more than one page of them
      } catch (error) {
        this.#parts.log.error("claiming failed", { error, retry_ms: CLAIM_RETRY_MS });
        this.#retry ??= setTimeout(() => {
          this.#retry = undefined;
          this.ring();
        }, CLAIM_RETRY_MS);
      }
    }
  }

  #launch(claim: Claim): void {
    const { id } = claim.job;
    const kill = new AbortController();
    const wall = armWallLimit(claim, kill, this.#parts.clock.nowMs());
    const end = this.#parts
      .run(claim, { windDown: this.#windDown.signal, kill: kill.signal })
      .catch((error) =>
        this.#parts.log.error("a job runner ended with an error", { job: id, epoch: claim.epoch, error }),
      )
      .finally(() => {
        clearTimeout(wall);
        this.#running.delete(id);
        this.ring();
      });
    this.#running.set(id, { end, kill });
  }
}

/** setTimeout counts in 32 bits; a longer limit is met after a restart or not at all within 24 days of running. */
const TIMER_MS_MAX = 2_147_483_647;

/** Wall time counts from the first claim, restarts included. */
function armWallLimit({ job }: Claim, kill: AbortController, nowMs: number): ReturnType<typeof setTimeout> | undefined {
  const { wall_secs } = job.limits;
  if (wall_secs === null) return undefined;
  const endMs = fromInstant(job.started_at ?? job.created_at) + wall_secs * 1_000;
  const stop = new CoopError("limit_reached", `stopped by limits.wall_secs: ${wall_secs} s have passed`, {
    next: "Raise limits.wall_secs in the manifest, or split the job.",
    details: { limit: "wall_secs", value: wall_secs },
  });
  return setTimeout(() => kill.abort(stop), Math.min(Math.max(0, endMs - nowMs), TIMER_MS_MAX));
}
