import type { ErrorCode, HenId, Job, JobId, JobUsage, JournalFact } from "coopd-core";
import { countEnd } from "../hens/usage.ts";
import type { WriteScope } from "../rows/scope.ts";
import { countFacts } from "../spend/count-facts.ts";
import { notHeld } from "./append.ts";
import { requireJob } from "./job-row.ts";
import { insertFacts } from "./journal-row.ts";

/** How a held job ended. `turns` and `usage` stay as they are where they are not given. */
export interface Ending {
  readonly status: "DONE" | "FAILED" | "CANCELLED";
  readonly result: string | null;
  readonly error: string | null;
  readonly errorCode: ErrorCode | null;
  readonly turns?: number;
  readonly usage?: JobUsage;
}

/**
 * Writes the end of a held job: its last facts and `settled`, its status, its texts and the event. The hen is the
 * caller's, because an episode may come between. @throws CoopError `stale_epoch`, `job_not_found`; DamagedRow
 */
export function endJob(
  scope: WriteScope,
  held: { readonly id: JobId; readonly epoch: number; readonly at: number },
  facts: readonly JournalFact[],
  ending: Ending,
): Job {
  const { status, result, error, errorCode, turns, usage } = ending;
  const job = scope.sql.get<{ no: number; hen_id: HenId; last_seq: number }>(
    `UPDATE jobs SET status = $status, last_seq = last_seq + $count, updated_ms = $at, ended_ms = $at,
       error_code = $errorCode, turns = coalesce($turns, turns), input_tokens = coalesce($input, input_tokens),
       output_tokens = coalesce($output, output_tokens), cache_tokens = coalesce($cache, cache_tokens),
       cache_write_tokens = coalesce($cacheWrite, cache_write_tokens)
     WHERE id = $id AND epoch = $epoch AND status = 'RUNNING' RETURNING no, hen_id, last_seq`,
    {
      ...held,
      status,
      errorCode,
      count: facts.length + 1,
      turns: turns ?? null,
      input: usage?.input_tokens ?? null,
      output: usage?.output_tokens ?? null,
      cache: usage?.cache_tokens ?? null,
      cacheWrite: usage?.cache_write_tokens ?? null,
    },
  );
  if (job === undefined) throw notHeld(scope, held.id, held.epoch);
  const all: readonly JournalFact[] = [...facts, { kind: "settled", status, result, error, error_code: errorCode }];
  countFacts(scope, job, all, { atMs: held.at });
  insertFacts(scope, { jobNo: job.no, lastSeq: job.last_seq - all.length, epoch: held.epoch, at: held.at }, all);
  scope.sql.run("UPDATE job_texts SET result = $result, error = $error WHERE job_no = $no", {
    no: job.no,
    result,
    error,
  });
  scope.emit({ type: "job_status_changed", job_id: held.id, status, hen_id: job.hen_id }, held.at);
  const ended = requireJob(scope, held.id);
  countEnd(scope, job.hen_id, { status, turns: ended.turns, usage: ended.usage });
  return ended;
}
