import {
  CoopError,
  createHen,
  type Episode,
  FARM_COOP_ID,
  type FarmSummary,
  type Hen,
  type HenId,
  type HenState,
  type HenView,
  type HostPressure,
  isEnded,
  type Job,
  type JobFilter,
  type JobId,
  type JournalEntry,
  jobNotFound,
  judgeCapabilities,
  judgeEnforcement,
  type ModelBook,
  type OnceKey,
  PAGE_MAX,
  type Page,
  toHenId,
  toHenView,
  toInstant,
} from "coopd-core";
import { parseManifestBytes } from "coopd-core/manifest";
import type { SecretGuard } from "../brains/secret-guard.ts";
import type { ManifestParts } from "../http/manifest-parts.ts";
import { assertAttachments } from "./attachments.ts";
import { findJobs } from "./find-jobs.ts";
import { inheritMemory } from "./inherit-memory.ts";
import { type NewWork, type QueueParts, queueJob } from "./queue-job.ts";
import { readHen } from "./read-hen.ts";
import type { Wants } from "./wants.ts";

/** What the farm is made of. */
export interface FarmParts extends QueueParts {
  readonly wants: Wants;
  readonly secrets: SecretGuard;
  readonly models: ModelBook;
  readonly version: string;
  readonly hostPressure: () => HostPressure;
}

/** What the API offers. It reads, asks `admit`, and has the store make the move; it holds no rule of its own. */
export class Farm {
  readonly #parts: FarmParts;

  constructor(parts: FarmParts) {
    this.#parts = parts;
  }

  async summary(): Promise<FarmSummary> {
    const { hensByState, queued, running, ended, eventSeq } = await this.#parts.store.counts();
    return {
      coop_id: FARM_COOP_ID,
      coopd_version: this.#parts.version,
      hen_count: Object.values(hensByState).reduce((sum, count) => sum + count, 0),
      hens_by_state: hensByState,
      jobs: { queued, running, ...ended },
      event_seq: eventSeq,
      host: this.#parts.hostPressure(),
    };
  }

  /** By id, strictly behind `after`; without `limit` all of them. */
  async hens(state?: HenState, page: Partial<Page> = {}): Promise<readonly Hen[]> {
    const { limit = Number.POSITIVE_INFINITY } = page;
    const all: Hen[] = [];
    for (;;) {
      const after = all.at(-1)?.id ?? page.after;
      const rowsMax = Math.min(PAGE_MAX, limit - all.length);
      const next = { limit: rowsMax, ...(after === undefined ? {} : { after }) };
      const rows = await this.#parts.store.hens(state === undefined ? {} : { state }, next);
      all.push(...rows);
      if (rows.length < rowsMax || all.length === limit) return all;
    }
  }

  /** The hen as the API shows it. */
  view(hen: Hen): HenView {
    const want = this.#parts.wants.of(hen.id) ?? this.#parts.secrets.lackOf(hen.manifest);
    return toHenView(hen, judgeEnforcement(hen.manifest, this.#parts.pens.walls), want);
  }

  /** @throws CoopError `hen_not_found` */
  hen(id: HenId): Promise<Hen> {
    return readHen(this.#parts.store, id);
  }

  /** The id of what the request with this key made. @throws CoopError `idempotency_conflict` */
  madeBy(once: OnceKey): Promise<string | undefined> {
    return this.#parts.store.madeBy(once, this.#now());
  }

  /** @throws CoopError `manifest_invalid`, `bad_id`, `hen_exists`, `secret_not_allowed`, `idempotency_conflict` */
  async createHen(
    parts: ManifestParts,
    once?: OnceKey,
  ): Promise<{ readonly hen: Hen; readonly warnings: readonly string[] }> {
    const { manifest, warnings } = parseManifestBytes(parts.manifest);
    const id = toHenId(FARM_COOP_ID, manifest.name);
    assertAttachments(manifest, parts.attachments);
    const doubts = this.#parts.secrets.check(manifest);
    if ((await this.#parts.store.hen(id)) === undefined) {
      await this.#parts.pens.remove(id); // what a deleted hen of this name left behind is never inherited
    }
    const heir = await inheritMemory(this.#parts.store, createHen(id, manifest, this.#now()), this.#parts.newId);
    const hen = await this.#parts.store.createHen({
      hen: heir.hen,
      episodes: heir.episodes,
      manifestText: new TextDecoder().decode(parts.manifest),
      attachments: parts.attachments,
      ...(once === undefined ? {} : { once }),
    });
    const { lacking, unknown } = judgeCapabilities(manifest, this.#parts.models);
    const texts = [
      ...warnings.map((fault) => `${fault.path}: ${fault.message}`),
      ...doubts,
      ...[...lacking, ...unknown].map((what) => `brain.capabilities_required: ${what}`),
    ];
    return { hen, warnings: heir.warning === undefined ? texts : [...texts, heir.warning] };
  }

  /** Queues a job, hatching or waking the hen first where it must be. @throws what `admit` throws, `queue_full`, `idempotency_conflict` */
  submitJob(work: NewWork, once?: OnceKey): Promise<Job> {
    const bound = once === undefined ? {} : { once };
    return queueJob(this.#parts, work, (entry) => this.#parts.store.enqueue({ ...entry, ...bound }));
  }

  /**
   * Queues what an ended job was asked for once more, as a new job under the same lease and the limits that the hen's manifest
   * sets by now: who retries after a limit was hit has raised it.
   * @throws CoopError `job_not_found`, `hen_busy` while it has not ended, and what {@link submitJob} throws
   */
  async retryJob(id: JobId, once?: OnceKey): Promise<Job> {
    const { hen_id: henId, prompt, lease_id: leaseId, status } = await this.job(id);
    if (!isEnded(status)) {
      throw new CoopError("hen_busy", `job ${id} is ${status}; only a job that has ended can be run again`, {
        next: `Wait for it: coop job wait ${id}`,
        details: { job_id: id, hen_id: henId },
      });
    }
    return this.submitJob({ henId, prompt, leaseId }, once);
  }

  /** With `text`, only those whose prompt or result has it in it. @throws CoopError `cancelled` by the signal */
  jobs(
    { filter, text }: { readonly filter: JobFilter; readonly text: string | undefined },
    page: Page,
    signal: AbortSignal,
  ): Promise<readonly Job[]> {
    const { store } = this.#parts;
    return text === undefined ? store.jobs(filter, page) : findJobs(store, { filter, text, page, signal });
  }

  /** The `count` newest, newest first. */
  latestJobs(count: number): Promise<readonly Job[]> {
    return this.#parts.store.latestJobs(count);
  }

  /** @throws CoopError `job_not_found` */
  async job(id: JobId): Promise<Job> {
    const job = await this.#parts.store.job(id);
    if (job === undefined) throw jobNotFound(id);
    return job;
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
