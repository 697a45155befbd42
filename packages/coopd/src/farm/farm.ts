import {
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
  type HenView,
  type Job,
  type JobFilter,
  type JobId,
  type JobLimits,
  type JournalEntry,
  jobLimits,
  judgeEnforcement,
  type OnceKey,
  OPEN_STATES,
  PAGE_MAX,
  type Page,
  type QueueLimits,
  type Store,
  toHenId,
  toHenView,
  toInstant,
} from "coopd-core";
import { parseManifestBytes } from "coopd-core/manifest";
import type { ManifestParts } from "../http/manifest-parts.ts";
import { assertAttachments } from "./attachments.ts";
import { type HenLife, isLostRace } from "./hen-life.ts";
import type { Pens } from "./pens.ts";

export interface FarmParts {
  readonly store: Store;
  readonly pens: Pens;
  readonly life: HenLife;
  readonly clock: Clock;
  readonly newId: () => string;
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

  /** The hen as the API shows it. */
  view(hen: Hen): HenView {
    return toHenView(hen, judgeEnforcement(hen.manifest, this.#parts.pens.walls));
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

  /** The id of what the request with this key made. @throws CoopError `idempotency_conflict` */
  madeBy(once: OnceKey): Promise<string | undefined> {
    return this.#parts.store.madeBy(once, this.#now());
  }

  /** @throws CoopError `manifest_invalid`, `bad_id`, `hen_exists`, `idempotency_conflict` */
  async createHen(
    parts: ManifestParts,
    once?: OnceKey,
  ): Promise<{ readonly hen: Hen; readonly warnings: readonly string[] }> {
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
      ...(once === undefined ? {} : { once }),
    });
    return { hen, warnings: warnings.map((fault) => `${fault.path}: ${fault.message}`) };
  }

  /** Queues a job, hatching or waking the hen first where it must be. @throws what `admit` throws, `queue_full`, `idempotency_conflict` */
  async submitJob(id: HenId, prompt: string, limits: Partial<JobLimits> = {}, once?: OnceKey): Promise<Job> {
    const { store, pens, promptBytesMax, queueLimits } = this.#parts;
    for (let race = 1; ; race += 1) {
      const hen = await this.hen(id);
      const { moves } = admit({ action: "job", hen, walls: pens.walls, prompt, promptBytesMax, leaseId: null });
      try {
        if (hen.state === "DEFINED") {
          await this.#parts.life.hatch(id);
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
          ...(once === undefined ? {} : { once }),
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

  #now() {
    return toInstant(this.#parts.clock.nowMs());
  }
}
