import {
  type AdmitRequest,
  admit,
  type Clock,
  CoopError,
  createHen,
  createJob,
  type Episode,
  FARM_COOP_ID,
  type FarmSummary,
  type Hen,
  type HenId,
  type HenState,
  type HostWalls,
  type Job,
  type JobFilter,
  type JobId,
  type JobLimits,
  type JournalEntry,
  jobLimits,
  type Log,
  OPEN_STATES,
  PAGE_MAX,
  type Page,
  type QueueLimits,
  type Store,
  toHenId,
  toInstant,
} from "coopd-core";
import { parseManifestBytes } from "coopd-core/manifest";
import type { ManifestParts } from "../http/manifest-parts.ts";
import { assertAttachments } from "./attachments.ts";

/** What the farm does with hens outside the store: their pens. */
export interface Pens {
  readonly walls: HostWalls;
  /** Makes the hen's pen; what hatching waits for. */
  open(hen: Hen): Promise<unknown>;
  /** Kills what runs in it and removes its workdir; a hen that has none is fine. */
  remove(id: HenId): Promise<void>;
}

export interface FarmParts {
  readonly store: Store;
  readonly pens: Pens;
  readonly clock: Clock;
  readonly newId: () => string;
  readonly log: Log;
  readonly version: string;
  readonly promptBytesMax: number;
  readonly queueLimits: QueueLimits;
  /** Tells the dispatcher that there may be a job to claim. */
  readonly ring: () => void;
}

/** A caller that loses the same race this often is told so instead of trying for ever. */
const RACES_MAX = 8;

/** What the API offers. It reads, asks `admit`, and has the store make the move; it holds no rule of its own. */
export class Farm {
  readonly #parts: FarmParts;

  constructor(parts: FarmParts) {
    this.#parts = parts;
  }

  async summary(): Promise<FarmSummary> {
    const { hensByState, queued, running, eventSeq } = await this.#parts.store.counts();
    return {
      coop_id: FARM_COOP_ID,
      coopd_version: this.#parts.version,
      hen_count: Object.values(hensByState).reduce((sum, count) => sum + count, 0),
      hens_by_state: hensByState,
      jobs: { queued, running },
      event_seq: eventSeq,
    };
  }

  async hens(state?: HenState): Promise<readonly Hen[]> {
    const all: Hen[] = [];
    for (;;) {
      const after = all.at(-1)?.id;
      const page = { limit: PAGE_MAX, ...(after === undefined ? {} : { after }) };
      const rows = await this.#parts.store.hens(state === undefined ? {} : { state }, page);
      all.push(...rows);
      if (rows.length < PAGE_MAX) return all;
    }
  }

  /** @throws CoopError `hen_not_found` */
  async hen(id: HenId): Promise<Hen> {
    const hen = await this.#parts.store.hen(id);
    if (hen !== undefined) return hen;
    throw new CoopError("hen_not_found", `hen not found: ${id}`, {
      next: "coop hen list shows the hens of this farm.",
    });
  }

  async manifestText(id: HenId): Promise<string> {
    await this.hen(id);
    return (await this.#parts.store.manifestText(id)) ?? "";
  }

  /** @throws CoopError `manifest_invalid`, `bad_id`, `hen_exists` */
  async createHen(parts: ManifestParts): Promise<{ readonly hen: Hen; readonly warnings: readonly string[] }> {
    const { manifest, warnings } = parseManifestBytes(parts.manifest);
    const id = toHenId(FARM_COOP_ID, manifest.name);
    assertAttachments(manifest, parts.attachments);
    if ((await this.#parts.store.hen(id)) === undefined) {
      await this.#parts.pens.remove(id); // what a deleted hen of this name left behind is never inherited
    }
    const hen = await this.#parts.store.createHen({
      hen: createHen(id, manifest, this.#now()),
      manifestText: new TextDecoder().decode(parts.manifest),
      attachments: parts.attachments,
    });
    return { hen, warnings: warnings.map((fault) => `${fault.path}: ${fault.message}`) };
  }

  /** DEFINED → HATCHING → IDLE, or back to DEFINED when the pen cannot be made. */
  async hatch(id: HenId): Promise<void> {
    const { store, pens, log } = this.#parts;
    const hen = await this.hen(id);
    admit({ action: "hatch", hen, walls: pens.walls });
    await store.moveHen({ id, from: hen.state, moves: ["HATCHING"], at: this.#now() });
    try {
      await pens.open(hen);
    } catch (error) {
      await store.moveHen({ id, from: "HATCHING", moves: ["DEFINED"], at: this.#now() });
      log.warn("hatch failed", { hen: id, error });
      throw error;
    }
    await store.moveHen({ id, from: "HATCHING", moves: ["IDLE"], at: this.#now() });
    this.#parts.ring();
  }

  async sleep(id: HenId): Promise<void> {
    await this.#move(id, (hen, runningJobId) => ({ action: "sleep", hen, runningJobId }));
  }

  async wake(id: HenId): Promise<void> {
    await this.#move(id, (hen, runningJobId) => ({ action: "wake", hen, runningJobId }));
    this.#parts.ring();
  }

  /** Removes the hen, its jobs, journals, memory and workdir. @throws CoopError `hen_busy` */
  async deleteHen(id: HenId): Promise<void> {
    const hen = await this.hen(id);
    admit({ action: "delete", hen, runningJobId: await this.#runningJob(id) });
    await this.#parts.store.deleteHen(id, this.#now());
    await this.#parts.pens.remove(id);
  }

  /** Queues a job, hatching or waking the hen first where it must be. @throws what `admit` throws, `queue_full` */
  async submitJob(id: HenId, prompt: string, limits: Partial<JobLimits> = {}): Promise<Job> {
    const { store, pens, promptBytesMax, queueLimits } = this.#parts;
    for (let race = 1; ; race += 1) {
      const hen = await this.hen(id);
      const { moves } = admit({ action: "job", hen, walls: pens.walls, prompt, promptBytesMax, leaseId: null });
      try {
        if (hen.state === "DEFINED") {
          await this.hatch(id);
          continue;
        }
        const job = await store.enqueue({
          job: createJob({
            id: this.#parts.newId() as JobId,
            henId: id,
            prompt,
            at: this.#now(),
            limits: jobLimits(hen.manifest.limits, limits),
          }),
          hen: { from: moves.length === 0 ? OPEN_STATES : [hen.state], moves },
          limits: queueLimits,
        });
        this.#parts.ring();
        return job;
      } catch (error) {
        if (!isLostRace(error) || race >= RACES_MAX) throw error;
      }
    }
  }

  jobs(filter: JobFilter, page: Page): Promise<readonly Job[]> {
    return this.#parts.store.jobs(filter, page);
  }

  /** The `count` newest, newest first. */
  latestJobs(count: number): Promise<readonly Job[]> {
    return this.#parts.store.latestJobs(count);
  }

  /** @throws CoopError `job_not_found` */
  async job(id: JobId): Promise<Job> {
    const job = await this.#parts.store.job(id);
    if (job !== undefined) return job;
    throw new CoopError("job_not_found", `job not found: ${id}`, {
      next: "coop job list shows the jobs of this farm.",
    });
  }

  journal(id: JobId, page: { readonly after: number; readonly limit: number }): Promise<readonly JournalEntry[]> {
    return this.#parts.store.journal(id, page);
  }

  episodes(id: HenId, limit = Number.MAX_SAFE_INTEGER): Promise<readonly Episode[]> {
    return limit === 0 ? Promise.resolve([]) : this.#parts.store.episodes(id, limit);
  }

  forget(id: HenId): Promise<number> {
    return this.#parts.store.forget(id, this.#now());
  }

  /** Reads, asks, moves; a caller that loses a race asks again about the hen as it is then. */
  async #move(id: HenId, toRequest: (hen: Hen, runningJobId: string | null) => AdmitRequest): Promise<void> {
    for (let race = 1; ; race += 1) {
      const hen = await this.hen(id);
      const { moves } = admit(toRequest(hen, await this.#runningJob(id)));
      try {
        await this.#parts.store.moveHen({ id, from: hen.state, moves, at: this.#now() });
        return;
      } catch (error) {
        if (!isLostRace(error) || race >= RACES_MAX) throw error;
      }
    }
  }

  async #runningJob(id: HenId): Promise<JobId | null> {
    const [job] = await this.#parts.store.jobs({ henId: id, status: ["RUNNING"] }, { limit: 1 });
    return job?.id ?? null;
  }

  #now() {
    return toInstant(this.#parts.clock.nowMs());
  }
}

function isLostRace(error: unknown): boolean {
  return error instanceof CoopError && error.code === "illegal_move";
}
