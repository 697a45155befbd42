import {
  CoopError,
  type HenId,
  type HenState,
  henNotFound,
  type Job,
  type OnceKey,
  type QueueLimits,
  toInstant,
} from "coopd-core";
import { readState } from "../hens/hen-row.ts";
import { updateReadiness } from "../hens/readiness.ts";
import { emitMoves, notInState, walkMoves } from "../hens/walk-moves.ts";
import { takeKey } from "../idempotency/once.ts";
import { toMs } from "../rows/instants.ts";
import type { WriteScope } from "../rows/scope.ts";

/** What {@link enqueue} is asked. */
export interface NewJob {
  readonly job: Job;
  readonly hen: { readonly from: readonly HenState[]; readonly moves: readonly HenState[] };
  readonly limits: QueueLimits;
  readonly once?: OnceKey;
  readonly delegatedBy?: HenId;
}

/**
 * Makes the hen's moves and queues the job, both or neither. A hen that was deleted in between is not found, and one that
 * changed its state makes the caller ask `admit` again; the job is never left behind on either.
 *
 * @throws CoopError `hen_not_found`, `illegal_move`, `queue_full`, `idempotency_conflict`
 */
export function enqueue(scope: WriteScope, { job, hen, limits, once, delegatedBy }: NewJob): Job {
  takeKey(scope, once, { id: job.id, at: job.created_at });
  const { hen_id: henId } = job;
  const found = readState(scope, henId);
  if (found === undefined) throw henNotFound(henId);
  if (!hen.from.includes(found)) throw notInState(henId, found, hen.from);
  const to = walkMoves(henId, found, hen.moves);
  const at = toMs(job.created_at);
  takePlaceInFarm(scope, limits.perFarm);
  const placed = scope.sql.get(
    `UPDATE hens SET queued = queued + 1, state = $to, updated_ms = iif($moves > 0, $at, updated_ms)
     WHERE id = $henId AND state = $found AND queued < $max RETURNING id`,
    { henId, found, to, at, moves: hen.moves.length, max: limits.perHen },
  );
  if (placed === undefined) throw queueFull(`${henId} has`, limits.perHen, "hen");
  const queued = toQueued(job);
  insertJob(scope, queued);
  emitMoves(scope, henId, found, hen.moves, at);
  scope.emit({ type: "job_submitted", job_id: job.id, hen_id: henId }, at);
  if (delegatedBy !== undefined) scope.emit({ type: "delegated", from: delegatedBy, to: henId, job_id: job.id }, at);
  updateReadiness(scope, henId);
  return queued;
}

/** A job that waits has not begun and not ended, whatever it was given with. */
function toQueued(job: Job): Job {
  const notBegun = { result: null, error: null, error_code: null, started_at: null, ended_at: null };
  return { ...job, status: "QUEUED", ...notBegun, updated_at: toInstant(toMs(job.updated_at)) };
}

function takePlaceInFarm(scope: WriteScope, max: number): void {
  const placed = scope.sql.get("UPDATE farm SET queued = queued + 1 WHERE id = 1 AND queued < $max RETURNING id", {
    max,
  });
  if (placed === undefined) throw queueFull("the farm has", max, "farm");
}

function insertJob(scope: WriteScope, job: Job): void {
  const no = scope.sql.insert(
    `INSERT INTO jobs (id, hen_id, status, lease_id, turns, input_tokens, output_tokens, cache_tokens, updated_ms)
     VALUES ($id, $henId, 'QUEUED', $lease, $turns, $input, $output, $cache, $updated)`,
    {
      id: job.id,
      henId: job.hen_id,
      lease: job.lease_id,
      turns: job.turns,
      input: job.usage.input_tokens,
      output: job.usage.output_tokens,
      cache: job.usage.cache_tokens,
      updated: toMs(job.updated_at),
    },
  );
  scope.sql.run("INSERT INTO job_texts (job_no, body) VALUES ($no, $body)", { no, body: JSON.stringify(job) });
}

function queueFull(whose: string, max: number, scope: "hen" | "farm"): CoopError {
  return new CoopError("queue_full", `${whose} ${max} jobs waiting, which is the limit`, {
    next: "Try again when some of them have run.",
    details: { limit: max, scope },
  });
}
