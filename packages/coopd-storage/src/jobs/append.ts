import {
  type CeilingRule,
  CoopError,
  type HenId,
  type Instant,
  type JobId,
  type JobUsage,
  type JournalFact,
  jobNotFound,
} from "coopd-core";
import { toMs } from "../rows/instants.ts";
import type { Scope, WriteScope } from "../rows/scope.ts";
import { countFacts } from "../spend/count-facts.ts";
import { insertFacts } from "./journal-row.ts";

/** What {@link append} is asked. */
export interface NewFacts {
  readonly jobId: JobId;
  readonly epoch: number;
  readonly at: Instant;
  readonly facts: readonly JournalFact[];
  readonly progress?: { readonly turns: number; readonly usage: JobUsage };
  /** The ceilings that a `brain.request` among the facts must keep; those of the job itself are its runner's. */
  readonly rules?: readonly CeilingRule[];
}

/**
 * Appends to the journal of a held job. The epoch stands in the UPDATE whose result places the entries, so a runner that
 * was fenced off writes nothing, however late it comes. Its caller knows the facts, which may be large, and gets the number
 * of the last. @throws CoopError `stale_epoch`, `job_not_found`, `limit_cost`
 */
export function append(scope: WriteScope, { jobId, epoch, at, facts, progress, rules }: NewFacts): number {
  const usage = progress?.usage;
  const held = scope.sql.get<{ no: number; hen_id: HenId; last_seq: number }>(
    `UPDATE jobs SET last_seq = last_seq + $count, updated_ms = $at, turns = coalesce($turns, turns),
       input_tokens = coalesce($input, input_tokens), output_tokens = coalesce($output, output_tokens),
       cache_tokens = coalesce($cache, cache_tokens), cache_write_tokens = coalesce($cacheWrite, cache_write_tokens)
     WHERE id = $jobId AND epoch = $epoch AND status = 'RUNNING' RETURNING no, hen_id, last_seq`,
    {
      jobId,
      epoch,
      at: toMs(at),
      count: facts.length,
      turns: progress?.turns ?? null,
      input: usage?.input_tokens ?? null,
      output: usage?.output_tokens ?? null,
      cache: usage?.cache_tokens ?? null,
      cacheWrite: usage?.cache_write_tokens ?? null,
    },
  );
  if (held === undefined) throw notHeld(scope, jobId, epoch);
  countFacts(scope, held, facts, { atMs: toMs(at), ...(rules === undefined ? {} : { rules }) });
  const place = { jobNo: held.no, lastSeq: held.last_seq - facts.length, epoch, at: toMs(at) };
  insertFacts(scope, place, facts);
  return held.last_seq;
}

/** Why a guarded write changed nothing. */
export function notHeld(scope: Scope, id: JobId, epoch: number): CoopError {
  const job = scope.sql.get<{ epoch: number; status: string }>("SELECT epoch, status FROM jobs WHERE id = $id", { id });
  if (job === undefined) return jobNotFound(id);
  const reason = job.status === "RUNNING" ? `claim ${job.epoch} holds it` : `it is ${job.status}`;
  return new CoopError("stale_epoch", `claim ${epoch} does not hold job ${id}: ${reason}`, {
    next: "Stop this run; nothing of it may be written any more.",
    details: { job_id: id, epoch, found: job.epoch, status: job.status },
  });
}
