import type { HenId, JobId } from "coopd-core";

/** Which jobs run for which hen, as this daemon's own runners say. */
export class RunningJobs {
  readonly #byHen = new Map<HenId, Set<JobId>>();

  begin(henId: HenId, jobId: JobId): void {
    const jobs = this.#byHen.get(henId);
    if (jobs === undefined) this.#byHen.set(henId, new Set([jobId]));
    else jobs.add(jobId);
  }

  end(henId: HenId, jobId: JobId): void {
    const jobs = this.#byHen.get(henId);
    jobs?.delete(jobId);
    if (jobs?.size === 0) this.#byHen.delete(henId);
  }

  /** The hen's job; null when it runs none, and when it runs several, for then nobody can tell which one it was. */
  only(henId: HenId): JobId | null {
    const jobs = this.#byHen.get(henId);
    if (jobs?.size !== 1) return null;
    const [job] = jobs;
    return job ?? null;
  }
}
