import type { ErrorCode } from "../errors/codes.ts";
import type { Instant, JobId } from "../ids/brand.ts";
import type { HenId } from "../ids/hen-id.ts";
import type { BrainUsage } from "../ports/brain.ts";
import { type CostView, type HandedSpend, NO_SPEND, toCostView, usedTokens } from "../spend/spend.ts";
import type { JobLimits } from "./limits.ts";

/** Every status of a job; the last three are ends. */
export const JOB_STATUSES = ["QUEUED", "RUNNING", "DONE", "FAILED", "CANCELLED"] as const;
export type JobStatus = (typeof JOB_STATUSES)[number];

/** Tokens, summed over a job's brain calls. The kinds of input exclude each other. */
export interface JobUsage {
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly cache_tokens: number;
  readonly cache_write_tokens: number;
}

/** What a job's calls cost, and what the jobs that it handed on have used. */
export interface JobCost extends CostView {
  readonly handed_tokens: number;
  readonly handed_usd_micros: number;
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
  readonly cost: JobCost;
  readonly limits: JobLimits;
  readonly parent_job_id: JobId | null;
  readonly lease_id: string | null;
}

/** What a job has used before its first brain call. */
export const NO_USAGE: JobUsage = { input_tokens: 0, output_tokens: 0, cache_tokens: 0, cache_write_tokens: 0 };

/** What a job has cost before its first brain call. */
export const NO_COST: JobCost = { ...toCostView(NO_SPEND), handed_tokens: 0, handed_usd_micros: 0 };

/** The sum, field by field. */
export function addUsage(a: JobUsage, b: BrainUsage): JobUsage {
  return {
    input_tokens: a.input_tokens + b.input_tokens,
    output_tokens: a.output_tokens + b.output_tokens,
    cache_tokens: a.cache_tokens + b.cache_tokens,
    cache_write_tokens: a.cache_write_tokens + (b.cache_write_tokens ?? 0),
  };
}

/** Everything that counts against a job's ceilings: its own calls, lost ones at their worst case, and what it handed on. */
export function spentOf({ usage, cost }: Pick<Job, "usage" | "cost">): HandedSpend {
  const own = usedTokens(usage) + cost.uncertain_tokens;
  const ownMicros = cost.known_usd_micros + cost.uncertain_usd_micros;
  return { tokens: own + cost.handed_tokens, usd_micros: ownMicros + cost.handed_usd_micros };
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
    cost: NO_COST,
    limits: parts.limits,
    parent_job_id: parts.parentJobId ?? null,
    lease_id: parts.leaseId ?? null,
  };
}
