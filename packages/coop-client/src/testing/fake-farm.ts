import {
  addUsage,
  createHen,
  createIdSource,
  createJob,
  type Episode,
  type EpisodeId,
  episodeOf,
  type FarmEvent,
  type FarmFact,
  type Hen,
  type HenState,
  type Job,
  type JobId,
  type JobStatus,
  type JournalEntry,
  type JournalFact,
  jobLimits,
  type Manifest,
  NO_USAGE,
  parseHenId,
  toInstant,
} from "coopd-core";

const EPOCH_MS = Date.UTC(2026, 2, 1, 10);

/**
 * A farm in memory that behaves on the wire as contract/http-api.md says, for tests of clients. Its clock stands at a
 * fixed time and moves one second with every change, and its ids count up, so that outputs can be compared.
 */
export class FakeFarm {
  readonly hens = new Map<string, Hen>();
  readonly jobs = new Map<string, Job>();
  readonly journals = new Map<string, JournalEntry[]>();
  readonly episodes = new Map<string, Episode[]>();
  readonly events: FarmEvent[] = [];
  isStopped = false;
  readonly #listeners = new Set<(event: FarmEvent) => void>();
  #nowMs = EPOCH_MS;
  readonly #newId = createIdSource({ nowMs: () => this.#nowMs, randomBytes: (count) => new Uint8Array(count) });

  listen(listener: (event: FarmEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  emit(fact: FarmFact): void {
    const event = { ...fact, seq: this.events.length + 1, at: this.#now() } as FarmEvent;
    this.events.push(event);
    for (const listener of this.#listeners) listener(event);
  }

  addHen(name: string, manifest: Partial<Manifest> = {}): Hen {
    const id = parseHenId(`local.coop/${name}`);
    const hen = createHen(id, { ...BARE_MANIFEST, name, ...manifest }, this.#now());
    this.hens.set(id, hen);
    this.emit({ type: "hen_created", id });
    return hen;
  }

  moveHen(id: string, to: HenState): void {
    const hen = this.hens.get(id);
    if (hen === undefined) return;
    this.hens.set(id, { ...hen, state: to, updated_at: this.#now() });
    this.emit({ type: "hen_state_changed", id: hen.id, from: hen.state, to });
  }

  removeHen(id: string): void {
    this.hens.delete(id);
    this.emit({ type: "hen_deleted", id: parseHenId(id) });
  }

  addJob(henId: string, prompt: string): Job {
    const job = createJob({
      id: this.#newId() as JobId,
      henId: parseHenId(henId),
      prompt,
      at: this.#now(),
      limits: jobLimits(null),
    });
    this.jobs.set(job.id, job);
    this.journals.set(job.id, []);
    this.emit({ type: "job_submitted", job_id: job.id, hen_id: job.hen_id });
    return job;
  }

  append(jobId: string, ...facts: readonly JournalFact[]): void {
    const entries = this.journals.get(jobId);
    for (const fact of facts) entries?.push({ ...fact, seq: entries.length + 1, at: this.#now(), epoch: 1 });
  }

  /** Ends those of the hen's jobs that have one of these statuses. */
  cancelJobs(henId: string | undefined, statuses: readonly JobStatus[]): number {
    const jobs = [...this.jobs.values()].filter(
      (job) => (henId === undefined || job.hen_id === henId) && statuses.includes(job.status),
    );
    for (const job of jobs) this.moveJob(job.id, "CANCELLED", { error: "cancelled" });
    return jobs.length;
  }

  /** RUNNING, or an end: then with `settled` in the journal and the episode, as the daemon does in one transaction. */
  moveJob(jobId: string, status: JobStatus, parts: Partial<Job> = {}): void {
    const job = this.jobs.get(jobId);
    if (job === undefined) return;
    const at = this.#now();
    const times = status === "RUNNING" ? { started_at: at } : { ended_at: at };
    const next: Job = { ...job, usage: addUsage(job.usage, NO_USAGE), ...parts, ...times, status, updated_at: at };
    this.jobs.set(jobId, next);
    if (status !== "RUNNING") {
      const { result, error, error_code } = next;
      this.append(jobId, { kind: "settled", status, result, error, error_code });
    }
    this.emit({ type: "job_status_changed", job_id: next.id, status, hen_id: next.hen_id });
    const episode = episodeOf(next, this.#newId() as EpisodeId, at);
    if (episode !== undefined) this.#remember(episode);
  }

  #remember(episode: Episode): void {
    const kept = this.episodes.get(episode.hen_id) ?? [];
    this.episodes.set(episode.hen_id, [...kept, episode]);
    this.emit({ type: "memory_recorded", hen_id: episode.hen_id, entry_id: episode.id });
  }

  #now() {
    this.#nowMs += 1000;
    return toInstant(this.#nowMs);
  }
}

const BARE_MANIFEST: Manifest = {
  spec_version: "coop/v1",
  name: "bare",
  sex: "hen",
  agent_kind: "anthropic",
  agent_command: [],
  agent: null,
  brain: {
    provider_id: "none",
    provider: "script",
    base_url: null,
    model: "demo",
    capabilities_required: null,
    fallbacks: [],
    fallback_provider_ids: [],
    auto_route: false,
    cache: false,
  },
  tools: ["bash", "file_read", "file_write"],
  personality: null,
  visual: null,
  memory: null,
  resources: null,
  scheduling: null,
  limits: null,
  retention: null,
  lease: null,
  network: { policy: "off", allow: [] },
  sandbox: null,
  metadata: {},
};
