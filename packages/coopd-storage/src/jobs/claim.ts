import { type Claim, type HenId, type HenState, type Instant, PAGE_MAX } from "coopd-core";
import { type HenRow, SELECT_HEN, toHen } from "../hens/hen-row.ts";
import { releaseAll } from "../hens/hold-hen.ts";
import { updateReadiness } from "../hens/readiness.ts";
import { episodes } from "../memory/read-episodes.ts";
import type { DamagedRow } from "../rows/damaged-row.ts";
import { toMs } from "../rows/instants.ts";
import { toRowLimit, type WriteScope } from "../rows/scope.ts";
import { chargeLostCalls } from "../spend/open-calls.ts";
import { failHeldJob } from "./fail-held-job.ts";
import { JOB_COLUMNS, type JobColumns, readHeldJob } from "./job-row.ts";
import { readSoundJournal } from "./journal-row.ts";
import { isCancelAsked } from "./request-cancel.ts";

interface ReadyHen {
  readonly id: HenId;
  readonly state: HenState;
  readonly lease_id: string | null;
}

/**
 * Claims up to `count` jobs. The hen that has waited longest since its last claim is first, and gets one job before it is
 * looked at again, so a hen with a long queue and many slots cannot starve the others. Two callers never claim one job:
 * `status = 'QUEUED'` stands in the statement that writes, and batches are one after the other.
 */
export function claim(
  scope: WriteScope,
  parts: { readonly count: number; readonly at: Instant; readonly episodes?: number },
): readonly Claim[] {
  const at = toMs(parts.at);
  const claims: Claim[] = [];
  const count = toRowLimit(parts.count);
  while (claims.length < count) {
    const hen = scope.sql.get<ReadyHen>(NEXT_HEN);
    if (hen === undefined) break;
    const made = claimOf(scope, hen, at);
    if (made !== undefined) claims.push(withEpisodes(scope, made, parts.episodes));
  }
  return claims;
}

/** A damaged episode is set aside, and the claim made again without it (see WriteScope). @throws DamagedRow */
function withEpisodes(scope: WriteScope, claim: Claim, count: number | undefined): Claim {
  if (count === undefined || claim.journal.length > 0) return claim;
  const setAside = (row: DamagedRow) => {
    throw row;
  };
  return { ...claim, episodes: episodes({ ...scope, setAside }, claim.hen.id, count) };
}

/** Exported for the test that reads its query plan: one probe of `hens_ready`, however many hens there are. */
export const NEXT_HEN = "SELECT id, state, lease_id FROM hens WHERE ready = 1 ORDER BY last_claim, id LIMIT 1";

/** Exported for the same reason: one probe of `jobs_waiting`. */
export const NEXT_JOB =
  "SELECT no FROM jobs WHERE hen_id = $henId AND status = 'QUEUED' AND lease_id IS $lease ORDER BY id LIMIT 1";

function claimOf(scope: WriteScope, hen: ReadyHen, at: number): Claim | undefined {
  const lease = hen.state === "IDLE" ? null : hen.lease_id;
  const next = scope.sql.get<{ no: number }>(NEXT_JOB, { henId: hen.id, lease });
  const job = scope.sql.get<JobColumns>(
    `UPDATE jobs SET status = 'RUNNING', epoch = epoch + 1, updated_ms = $at, started_ms = coalesce(started_ms, $at)
     WHERE no = $no AND status = 'QUEUED' RETURNING ${JOB_COLUMNS}`,
    { no: next?.no ?? null, at },
  );
  if (job === undefined) throw new Error(`${hen.id} is marked ready, and no job waits there`);
  const turn = scope.sql.get<{ claims: number }>(
    "UPDATE farm SET queued = queued - 1, running = running + 1, claims = claims + 1 WHERE id = 1 RETURNING claims",
  );
  scope.sql.run(
    `UPDATE hens SET state = 'WORKING', queued = queued - 1, running = running + 1, last_claim = $turn,
       updated_ms = iif(state = 'WORKING', updated_ms, $at)
     WHERE id = $henId AND running < slots`,
    { henId: hen.id, turn: turn?.claims ?? 0, at },
  );
  if (hen.state !== "WORKING") {
    scope.emit({ type: "hen_state_changed", id: hen.id, from: hen.state, to: "WORKING" }, at);
  }
  scope.emit({ type: "job_status_changed", job_id: job.id, status: "RUNNING", hen_id: hen.id }, at);
  updateReadiness(scope, hen.id);
  return toClaim(scope, job, at);
}

/**
 * Takes over every RUNNING job with a new epoch: whoever held it is fenced off from now on. One whose hen or journal is
 * damaged cannot go on safely and ends FAILED, so that no job is RUNNING without a runner.
 */
export function takeOver(scope: WriteScope, at: Instant): readonly Claim[] {
  releaseAll(scope);
  chargeLostCalls(scope);
  const claims: Claim[] = [];
  let after = "";
  for (;;) {
    const jobs = scope.sql.all<JobColumns>(
      `UPDATE jobs SET epoch = epoch + 1, updated_ms = $at
       WHERE no IN (SELECT no FROM jobs WHERE status = 'RUNNING' AND id > $after ORDER BY id LIMIT $limit)
       RETURNING ${JOB_COLUMNS}`,
      { at: toMs(at), after, limit: PAGE_MAX },
    );
    jobs.sort((a, b) => (a.id < b.id ? -1 : 1)); // RETURNING promises no order
    for (const job of jobs) {
      const claim = toClaim(scope, job, toMs(at));
      if (claim !== undefined) claims.push(claim);
    }
    if (jobs.length < PAGE_MAX) return claims;
    after = jobs.at(-1)?.id ?? after;
  }
}

function toClaim(scope: WriteScope, held: JobColumns, at: number): Claim | undefined {
  const job = readHeldJob(scope, held);
  const hen = scope.sql.get<HenRow>(`${SELECT_HEN} WHERE hens.id = $id`, { id: held.hen_id });
  if (hen === undefined) {
    failHeldJob(scope, held, at, "the record of its hen is damaged");
    return undefined;
  }
  const journal = held.last_seq === 0 ? [] : readSoundJournal(scope, held);
  if (journal === undefined) {
    failHeldJob(scope, held, at, "an entry of its journal is damaged, so it cannot go on without repeating steps");
    return undefined;
  }
  return { job, hen: toHen(hen), epoch: held.epoch, journal, isCancelAsked: isCancelAsked(scope, held.no) };
}
