import type { ErrorCode } from "../errors/codes.ts";
import type { Instant, JobId } from "../ids/brand.ts";
import type { HenId } from "../ids/hen-id.ts";
import type { JobLimits } from "./limits.ts";

/** Every status of a job; the last three are ends. */
export const JOB_STATUSES = ["QUEUED", "RUNNING", "DONE", "FAILED", "CANCELLED"] as const;
export type JobStatus = (typeof JOB_STATUSES)[number];

/** Tokens, summed over a job's brain calls. */
export interface JobUsage {
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly cache_tokens: number;
}

/** One prompt for one hen, as stored and as on the wire (contract/http-api.md §4; fields behind `updated_at` are ours). */
export interface Job {
  readonly id: JobId;
  readonly hen_id: HenId;
  readonly prompt: string;
  readonly status: JobStatus;
  readonly result: string | null;
  readonly error: string | null;
  /** Number of the last turn that was started. */
  readonly turns: number;
  readonly delegation_depth: number;
  readonly grain_spent: number;
  readonly created_at: Instant;
  readonly updated_at: Instant;
  readonly started_at: Instant | null;
  readonly ended_at: Instant | null;
  /** The code behind `error`, from the closed list. */
  readonly error_code: ErrorCode | null;
  readonly usage: JobUsage;
  readonly limits: JobLimits;
  readonly parent_job_id: JobId | null;
  readonly lease_id: string | null;
}

/** What a job has used before its first brain call. */
export const NO_USAGE: JobUsage = { input_tokens: 0, output_tokens: 0, cache_tokens: 0 };

/** The sum, field by field. */
export function addUsage(a: JobUsage, b: JobUsage): JobUsage {
  return {
    input_tokens: a.input_tokens + b.input_tokens,
    output_tokens: a.output_tokens + b.output_tokens,
    cache_tokens: a.cache_tokens + b.cache_tokens,
  };
}

/** True for DONE, FAILED and CANCELLED: nothing changes such a job any more. */
export function isEnded(status: JobStatus): boolean {
  return status === "DONE" || status === "FAILED" || status === "CANCELLED";
}

/** True for a status as the wire writes it. */
export function isJobStatus(text: string): text is JobStatus {
  return (JOB_STATUSES as readonly string[]).includes(text);
}

/** A job as `submit` first stores it. */
export function createJob(parts: {
  readonly id: JobId;
  readonly henId: HenId;
  readonly prompt: string;
  readonly at: Instant;
  readonly limits: JobLimits;
  readonly depth?: number;
  readonly parentJobId?: JobId;
  readonly leaseId?: string;
}): Job {
  return {
    id: parts.id,
    hen_id: parts.henId,
    prompt: parts.prompt,
    status: "QUEUED",
    result: null,
    error: null,
    turns: 0,
    delegation_depth: parts.depth ?? 0,
    grain_spent: 0,
    created_at: parts.at,
    updated_at: parts.at,
    started_at: null,
    ended_at: null,
    error_code: null,
    usage: NO_USAGE,
    limits: parts.limits,
    parent_job_id: parts.parentJobId ?? null,
    lease_id: parts.leaseId ?? null,
  };
}
