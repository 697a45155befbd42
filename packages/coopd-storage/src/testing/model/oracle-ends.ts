import {
  addUsage,
  fromInstant,
  type HenId,
  type HenUsage,
  type Instant,
  type Job,
  type JobCost,
  leaseIdOf,
  toCostView,
} from "coopd-core";
import { requireHen, walk } from "./oracle-hens.ts";
import { spendOfJob } from "./oracle-spend.ts";
import { emit, type JobRecord, jobsOf, type OracleState, write } from "./oracle-state.ts";

/** How a job ended. */
export type JobEnding = Pick<Job, "status" | "result" | "error" | "error_code">;

/** What a job has cost, for its row. */
export function costOfJob(record: JobRecord): JobCost {
  const handed = record.journal.flatMap((entry) => (entry.kind === "child.result" && entry.spent ? [entry.spent] : []));
  return {
    ...toCostView(spendOfJob(record)),
    handed_tokens: handed.reduce((sum, { tokens }) => sum + tokens, 0),
    handed_usd_micros: handed.reduce((sum, { usd_micros }) => sum + usd_micros, 0),
  };
}

/** Ends a job in its journal, its row and its hen's sums; the hen's state is the caller's. */
export function endJob(state: OracleState, record: JobRecord, ending: JobEnding, at: Instant): void {
  write(record, at, { kind: "settled", ...ending });
  record.job = { ...record.job, ...ending, updated_at: at, ended_at: at };
  record.job = { ...record.job, cost: costOfJob(record) };
  const { id, status, hen_id } = record.job;
  emit(state, { type: "job_status_changed", job_id: id, status, hen_id }, at);
  count(state, record.job);
}

/** After a running job has ended: with its last one a hen leaves WORKING, and so does a lease that is over. */
export function leaveWork(state: OracleState, id: HenId, at: Instant): void {
  const { hen, leaseEnd } = requireHen(state, id);
  if (hen.state !== "WORKING" || jobsOf(state, id, "RUNNING").length > 0) return;
  const expires = leaseEnd?.expires ?? null;
  const isOver = leaseEnd?.isOver === true || (expires !== null && fromInstant(expires) <= fromInstant(at));
  walk(state, id, [leaseIdOf(hen.lease) === null || isOver ? "IDLE" : "LEASED"], at);
  if (isOver) clearLease(state, id, at);
}

/** The hen is its owner's again, and what waits for the renter never runs. */
export function clearLease(state: OracleState, id: HenId, at: Instant): void {
  const record = requireHen(state, id);
  const leaseId = leaseIdOf(record.hen.lease);
  record.hen = { ...record.hen, lease: { kind: "owner" } };
  record.leaseEnd = undefined;
  const error = `lease ${leaseId} ended before this job started`;
  for (const waiting of jobsOf(state, id, "QUEUED")) {
    if (leaseId === null || waiting.job.lease_id !== leaseId) continue;
    endJob(state, waiting, { status: "CANCELLED", result: null, error, error_code: "cancelled" }, at);
  }
}

function count(state: OracleState, job: Job): void {
  const record = requireHen(state, job.hen_id);
  const { jobs, turns, ...tokens } = record.usage;
  const status = job.status.toLowerCase() as keyof HenUsage["jobs"];
  const ended = { ...jobs, [status]: jobs[status] + 1 };
  record.usage = { jobs: ended, turns: turns + job.turns, ...addUsage(tokens, job.usage) };
  record.hen = { ...record.hen, stats: { ...record.hen.stats, quests_completed: ended.done } };
}
