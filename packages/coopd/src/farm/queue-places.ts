import { type Job, type JobId, type JobWaiting, PAGE_MAX, type Store, whyQueued } from "coopd-core";
import type { Dispatcher } from "../orchestrator/dispatcher.ts";
import type { Farm } from "./farm.ts";
import type { JobControl } from "./job-control.ts";

/** What finding out why a job waits needs. */
export interface QueuePlaceParts {
  readonly store: Store;
  readonly farm: Farm;
  readonly control: JobControl;
  readonly dispatcher: Dispatcher;
}

/** Where jobs stand in their queues, found out when it is asked, so that it is never out of date. */
export class QueuePlaces {
  readonly #parts: QueuePlaceParts;

  constructor(parts: QueuePlaceParts) {
    this.#parts = parts;
  }

  /** @throws CoopError `job_not_found`, `hen_not_found` */
  async waiting(id: JobId): Promise<JobWaiting> {
    const { farm, control, dispatcher } = this.#parts;
    const job = await farm.job(id);
    const [hen, isFarmStopped, ahead, running] = await Promise.all([
      farm.hen(job.hen_id),
      control.isStopped(),
      this.#ahead(job),
      this.#of(job, "RUNNING"),
    ]);
    const runningIds = running.map((it) => it.id).filter((it) => it !== id);
    const conditions = { isFarmStopped, ahead, running: runningIds, places: dispatcher.places() };
    return whyQueued(job, farm.view(hen), conditions);
  }

  /** A hen has no more jobs in its queue than a page holds, unless the farmer allows more; then it is at least so many. */
  async #ahead(job: Job): Promise<number> {
    if (job.status !== "QUEUED") return 0;
    const queued = await this.#of(job, "QUEUED");
    return queued.filter((it) => it.id < job.id && it.lease_id === job.lease_id).length;
  }

  #of({ hen_id: henId }: Job, status: "QUEUED" | "RUNNING"): Promise<readonly Job[]> {
    return this.#parts.store.jobs({ henId, status: [status] }, { limit: PAGE_MAX });
  }
}
