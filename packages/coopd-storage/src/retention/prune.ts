import { type HenId, IDEMPOTENCY_KEY_MS, type Pruned, type PruneRules, uuidV7Prefix } from "coopd-core";
import { toMs } from "../rows/instants.ts";
import type { Scope, WriteScope } from "../rows/scope.ts";

/** Rows of one call: some ms of work, so that a commit never waits long for it. */
export const ROWS_MAX = 500;

/**
 * Removes a bounded number of rows that are not kept any longer. Events go from the oldest on without a gap, so what is
 * left is whole. A job goes with its journal in one piece; one whose journal alone is longer than the bound goes alone.
 */
export function prune(scope: WriteScope, { at, eventsMs, eventsMax, egressMs }: PruneRules): Pruned {
  const nowMs = toMs(at);
  const keys = pruneKeys(scope, nowMs - IDEMPOTENCY_KEY_MS);
  pruneDismissals(scope, nowMs - DISMISSAL_MS);
  let left = ROWS_MAX - keys;
  const events = pruneEvents(scope, { oldestMs: nowMs - eventsMs, rowsMax: eventsMax, limit: left });
  left -= events;
  const egress = pruneEgress(scope, nowMs - egressMs, left);
  left -= egress;
  const gone = pruneJobs(scope, nowMs, left);
  return { keys, events, egress, jobs: gone.jobs, isDone: left - gone.rows > 0 };
}

/** Far longer than the week in which what was dismissed can come up again (core, ATTENTION_MS). */
const DISMISSAL_MS = 30 * 86_400_000;

function pruneDismissals(scope: WriteScope, oldestMs: number): void {
  scope.sql.run(
    `DELETE FROM dismissals WHERE id IN (SELECT id FROM dismissals WHERE at_ms < $oldestMs ORDER BY at_ms LIMIT ${ROWS_MAX})`,
    { oldestMs },
  );
}

function pruneKeys(scope: WriteScope, oldestMs: number): number {
  return scope.sql.all(
    `DELETE FROM idempotency_keys WHERE no IN (SELECT no FROM idempotency_keys ORDER BY no LIMIT $limit)
       AND at_ms <= $oldestMs RETURNING no`,
    { oldestMs, limit: ROWS_MAX },
  ).length;
}

function pruneEvents(
  scope: WriteScope,
  { oldestMs, rowsMax, limit }: { readonly oldestMs: number; readonly rowsMax: number; readonly limit: number },
): number {
  if (limit <= 0) return 0;
  const rows = scope.sql.all<{ seq: number; at_ms: number }>(
    "SELECT seq, at_ms FROM events ORDER BY seq LIMIT $limit",
    {
      limit,
    },
  );
  const newest = scope.sql.get<{ seq: number | null }>("SELECT max(seq) AS seq FROM events")?.seq ?? 0;
  const kept = rows.findIndex(({ seq, at_ms }) => at_ms >= oldestMs && seq > newest - rowsMax);
  const last = rows[(kept < 0 ? rows.length : kept) - 1];
  if (last === undefined) return 0;
  scope.sql.run("DELETE FROM events WHERE seq <= $seq", { seq: last.seq });
  return kept < 0 ? rows.length : kept;
}

/** Exported for the test of its plan: the oldest end of `egress_by_age`. */
export const OLD_EGRESS = "SELECT hen_id, seq FROM egress WHERE at_ms < $oldestMs ORDER BY at_ms LIMIT $limit";

function pruneEgress(scope: WriteScope, oldestMs: number, limit: number): number {
  if (limit <= 0) return 0;
  return scope.sql.all(`DELETE FROM egress WHERE (hen_id, seq) IN (${OLD_EGRESS}) RETURNING seq`, { oldestMs, limit })
    .length;
}

interface DueJob {
  readonly no: number;
  readonly last_seq: number;
}

function pruneJobs(scope: WriteScope, nowMs: number, limit: number): { readonly jobs: number; readonly rows: number } {
  let [jobs, rows] = [0, 0];
  const hens = scope.sql.all<{ id: HenId; jobs_keep_ms: number }>(
    "SELECT id, jobs_keep_ms FROM hens WHERE jobs_keep_ms > 0 ORDER BY id",
  );
  for (const hen of hens) {
    if (rows >= limit) break;
    for (const job of dueJobs(scope, hen.id, nowMs - hen.jobs_keep_ms)) {
      const size = job.last_seq + 2;
      if (rows >= limit || (rows > 0 && rows + size > limit)) return { jobs, rows: limit };
      scope.sql.run("DELETE FROM jobs WHERE no = $no", { no: job.no });
      jobs += 1;
      rows += size;
    }
  }
  return { jobs, rows };
}

/** Exported for the test of its plan: a range of `jobs_by_hen` a status, since a job is made before it ends. */
export const DUE_JOBS = ["DONE", "FAILED", "CANCELLED"]
  .map(
    (status) => `SELECT no, last_seq FROM jobs WHERE hen_id = $henId AND status = '${status}' AND id < $made
      AND ended_ms < $ended AND NOT EXISTS (SELECT 1 FROM job_children JOIN jobs AS parents ON parents.no = parent_no
        WHERE child_id = jobs.id AND parents.ended_ms IS NULL)`,
  )
  .join(" UNION ALL ");

/** Jobs that ended before then, but for those that a job which has not ended handed on: it may still ask for them. */
function dueJobs(scope: Scope, henId: HenId, beforeMs: number): readonly DueJob[] {
  return scope.sql.all<DueJob>(`${DUE_JOBS} LIMIT ${ROWS_MAX}`, {
    henId,
    made: uuidV7Prefix(beforeMs),
    ended: beforeMs,
  });
}
