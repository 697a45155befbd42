import {
  type ErrorCode,
  type HenId,
  type Job,
  type JobId,
  type JobStatus,
  jobNotFound,
  toCostView,
  toInstant,
} from "coopd-core";
import { DamagedRow, readBody } from "../rows/damaged-row.ts";
import type { Scope } from "../rows/scope.ts";
import type { Shape } from "../rows/shape.ts";

/** A job with its texts, as every read of jobs selects it. */
export interface JobRow extends JobColumns, TextColumns {}

/** What of a job changes, and what is searched for. */
export interface JobColumns {
  readonly no: number;
  readonly id: JobId;
  readonly hen_id: HenId;
  readonly status: JobStatus;
  readonly turns: number;
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly cache_tokens: number;
  readonly cache_write_tokens: number;
  readonly usd_micros: number;
  readonly unpriced_tokens: number;
  readonly uncertain_tokens: number;
  readonly uncertain_usd_micros: number;
  readonly handed_tokens: number;
  readonly handed_usd_micros: number;
  readonly updated_ms: number;
  readonly started_ms: number | null;
  readonly ended_ms: number | null;
  readonly error_code: ErrorCode | null;
  readonly epoch: number;
  readonly last_seq: number;
}

/** The job as it was queued, and how it ended. */
export interface TextColumns {
  readonly body: string;
  readonly result: string | null;
  readonly error: string | null;
}

/** The columns of {@link JobRow} that the table `jobs` holds. */
export const JOB_COLUMNS = `jobs.no, jobs.id, jobs.hen_id, jobs.status, jobs.turns, jobs.input_tokens, jobs.output_tokens,
  jobs.cache_tokens, jobs.cache_write_tokens, jobs.usd_micros, jobs.unpriced_tokens, jobs.uncertain_tokens,
  jobs.uncertain_usd_micros, jobs.handed_tokens, jobs.handed_usd_micros, jobs.updated_ms, jobs.started_ms, jobs.ended_ms, jobs.error_code, jobs.epoch, jobs.last_seq`;
/** And those that `job_texts` holds. */
export const TEXT_COLUMNS = "job_texts.body, job_texts.result, job_texts.error";

/** Columns and tables of {@link JobRow}; a damaged job has no texts, and so is in no result. */
export const SELECT_JOB = `
  SELECT ${JOB_COLUMNS}, ${TEXT_COLUMNS} FROM jobs JOIN job_texts ON job_texts.job_no = jobs.no`;

const JOB: Shape = {
  id: "text",
  hen_id: "text",
  prompt: "text",
  delegation_depth: "number",
  grain_spent: "number",
  created_at: "text",
  limits: "object",
  parent_job_id: "text?",
  lease_id: "text?",
};

/** What jobs of before these limits were kept without. */
const NEWER_LIMITS = { tokens: null, cost_usd: null };

/** The wire object: the job as it was queued with what has changed since. @throws DamagedRow */
export function toJob(row: JobRow): Job {
  const body = readBody<Job>("jobs", row.id, row.body, JOB);
  if (body.id !== row.id) throw new DamagedRow("jobs", row.id, `is the body of ${body.id}`);
  return {
    ...body,
    status: row.status,
    result: row.result,
    error: row.error,
    turns: row.turns,
    updated_at: toInstant(row.updated_ms),
    started_at: row.started_ms === null ? null : toInstant(row.started_ms),
    ended_at: row.ended_ms === null ? null : toInstant(row.ended_ms),
    error_code: row.error_code,
    usage: {
      input_tokens: row.input_tokens,
      output_tokens: row.output_tokens,
      cache_tokens: row.cache_tokens,
      cache_write_tokens: row.cache_write_tokens,
    },
    cost: {
      ...toCostView(row),
      handed_tokens: row.handed_tokens,
      handed_usd_micros: row.handed_usd_micros,
    },
    limits: { ...NEWER_LIMITS, ...body.limits },
  };
}

/** The job whose columns a guarded write has just returned. @throws CoopError `job_not_found`; DamagedRow */
export function readHeldJob(scope: Scope, held: JobColumns): Job {
  const text = `SELECT ${TEXT_COLUMNS} FROM job_texts WHERE job_no = $no`;
  const texts = scope.sql.get<TextColumns>(text, { no: held.no });
  if (texts === undefined) throw jobNotFound(held.id);
  return toJob({ ...held, ...texts });
}

/** @throws CoopError `job_not_found`, also for a damaged job; DamagedRow */
export function requireJob(scope: Scope, id: JobId): Job {
  const row = scope.sql.get<JobRow>(`${SELECT_JOB} WHERE jobs.id = $id`, { id });
  if (row === undefined) throw jobNotFound(id);
  return toJob(row);
}
