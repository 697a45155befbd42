import {
  createHen,
  createJob,
  type EpisodeId,
  type Hen,
  type HenId,
  type HenState,
  type Instant,
  type Job,
  type JobId,
  jobLimits,
  type Manifest,
  NO_USAGE,
  type Settlement,
  toInstant,
} from "coopd-core";

/** The instant `seconds` after the tests' own beginning of time. */
export function at(seconds = 0): Instant {
  return toInstant(Date.UTC(2026, 0, 1) + seconds * 1000);
}

export function henId(name: string): HenId {
  return `local.coop/${name}` as HenId;
}

/** A UUIDv7-shaped id whose order is the order of `n`. */
export function sampleId<Id extends JobId | EpisodeId>(n: number): Id {
  return `0195b2c4-0000-7000-8000-${n.toString(16).padStart(12, "0")}` as Id;
}

export function jobId(n: number): JobId {
  return sampleId<JobId>(n);
}

/** What a test wants different from a plain owner's hen with one slot that keeps its memory for ever. */
export interface HenWishes {
  readonly state?: HenState;
  readonly slots?: number;
  readonly retentionDays?: number;
  readonly leaseId?: string;
}

export function sampleHen(name: string, wishes: HenWishes = {}): Hen {
  const { state = "IDLE", slots, retentionDays, leaseId } = wishes;
  return {
    ...createHen(henId(name), sampleManifest(name, slots ?? null, retentionDays ?? null), at()),
    state,
    ...(leaseId === undefined
      ? {}
      : { lease: { kind: "leased_out", renter: "someone", lease_id: leaseId, expires_at: null } }),
  };
}

export function sampleJob(
  n: number,
  hen: string,
  parts: { readonly prompt?: string; readonly leaseId?: string } = {},
): Job {
  return createJob({
    id: jobId(n),
    henId: henId(hen),
    prompt: parts.prompt ?? `job ${n}`,
    at: at(n),
    limits: jobLimits(null),
    ...(parts.leaseId === undefined ? {} : { leaseId: parts.leaseId }),
  });
}

export function settlement(n: number, status: Settlement["status"] = "DONE"): Settlement {
  const failed = { result: null, error: `error ${n}`, errorCode: status === "FAILED" ? "tool_failed" : "cancelled" };
  const done = { result: `result ${n}`, error: null, errorCode: null };
  return {
    status,
    ...((status === "DONE" ? done : failed) as Pick<Settlement, "result" | "error" | "errorCode">),
    turns: 1,
    usage: { ...NO_USAGE, input_tokens: n },
    episodeId: sampleId<EpisodeId>(1_000_000 + n),
  };
}

/** No queue is full in a test that is not about it. */
export const NO_LIMITS = { perHen: 1_000_000, perFarm: 1_000_000 };

function sampleManifest(name: string, slots: number | null, retentionDays: number | null): Manifest {
  const link = { provider_id: "none", provider: "script" as const, base_url: null, model: "demo" };
  return {
    spec_version: "coop/v1",
    name,
    sex: "hen",
    agent_kind: "anthropic",
    agent_command: [],
    agent: null,
    brain: {
      ...link,
      capabilities_required: null,
      fallbacks: [],
      fallback_provider_ids: [],
      auto_route: false,
      cache: false,
    },
    tools: ["bash"],
    personality: null,
    visual: null,
    memory: { episodic_retention_days: retentionDays, semantic_summarize_every: null, inherit_from: null },
    resources: null,
    scheduling: { placement: null, restart_policy: null, max_concurrent_jobs: slots },
    limits: null,
    retention: null,
    lease: null,
    network: { policy: "off", allow: [] },
    sandbox: null,
    metadata: {},
  };
}
