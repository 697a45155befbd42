import {
  type Clock,
  CoopError,
  type FarmChanged,
  type HenId,
  isEnded,
  type Job,
  type JobId,
  PAGE_MAX,
  type Store,
  toInstant,
} from "coopd-core";
import type { Dispatcher } from "../orchestrator/dispatcher.ts";

/** What ending and holding jobs needs. */
export interface JobControlParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly dispatcher: Dispatcher;
  /** Hears when the farm stops or goes on. */
  readonly tell: (notice: FarmChanged) => void;
}

/** The setting that keeps a stopped farm stopped over restarts. */
const STOPPED = "farm.stopped";

/** Ends jobs that somebody wants ended, and holds the whole farm. */
export class JobControl {
  readonly #parts: JobControlParts;

  constructor(parts: JobControlParts) {
    this.#parts = parts;
  }

  /**
   * Cancels a job in any state but an ended one. The request is durable first, so it holds over a crash; then the
   * process tree is killed, seen to be empty, and the job settled. The job as it is then: CANCELLED, or another end that
   * it reached first. @throws CoopError `job_not_found`, `job_ended`
   */
  async cancel(id: JobId): Promise<Job> {
    const { store, clock, dispatcher } = this.#parts;
    const job = await store.cancel(id, toInstant(clock.nowMs()));
    if (isEnded(job.status)) return job;
    await dispatcher.abort(id);
    return (await store.job(id)) ?? job;
  }

  /** Cancels every job of the hen that runs now, and with `andQueued` those that wait. Answers how many. */
  async cancelAllOf(henId: HenId, andQueued: boolean): Promise<number> {
    const status = andQueued ? (["RUNNING", "QUEUED"] as const) : (["RUNNING"] as const);
    let count = 0;
    for (;;) {
      const jobs = await this.#parts.store.jobs({ henId, status }, { limit: PAGE_MAX });
      const ended = await Promise.all(jobs.map((job) => this.cancel(job.id).catch(ignoreEnded)));
      count += ended.length;
      if (jobs.length < PAGE_MAX) return count;
    }
  }

  /** True while the farm claims nothing, whatever is queued. */
  async isStopped(): Promise<boolean> {
    return (await this.#parts.store.setting(STOPPED)) === "1";
  }

  /** Claims nothing from now on, over restarts too, and cancels what runs. Answers how many jobs that were. */
  async stopFarm(): Promise<number> {
    const { store, dispatcher, tell } = this.#parts;
    await store.putSetting(STOPPED, "1");
    await dispatcher.pause();
    tell({ type: "farm_changed", stopped: true });
    const running = dispatcher.runningJobs();
    await Promise.all(running.map((id) => this.cancel(id).catch(ignoreEnded)));
    return running.length;
  }

  async resumeFarm(): Promise<void> {
    const { store, dispatcher, tell } = this.#parts;
    await store.putSetting(STOPPED, "0");
    dispatcher.resume();
    tell({ type: "farm_changed", stopped: false });
  }

  /** At start: a farm that was stopped stays so. */
  async restore(): Promise<void> {
    if (await this.isStopped()) await this.#parts.dispatcher.pause();
  }
}

/** A job that ends by itself while it is being cancelled needs no more. */
function ignoreEnded(error: unknown): void {
  if (error instanceof CoopError && (error.code === "job_ended" || error.code === "job_not_found")) return;
  throw error;
}
