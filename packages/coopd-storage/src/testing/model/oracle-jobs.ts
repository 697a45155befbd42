import {
  assertDelegable,
  type Claim,
  CoopError,
  episodeOf,
  fromInstant,
  type HenId,
  type HenSlots,
  type Instant,
  type Job,
  type JobId,
  maxConcurrentJobs,
  type SpawnedChild,
} from "coopd-core";
import type { NewFacts } from "../../jobs/append.ts";
import type { NewJob } from "../../jobs/enqueue.ts";
import type { WaitingEnd } from "../../jobs/fail-waiting.ts";
import type { ParkedJob } from "../../jobs/park.ts";
import type { JobEnd } from "../../jobs/settle.ts";
import { costOfJob, endJob, leaveWork } from "./oracle-ends.ts";
import { assertKeyFree, bindKey, endOf, requireHen, walk } from "./oracle-hens.ts";
import { loseCalls } from "./oracle-spend.ts";
import { claimable, emit, type JobRecord, jobsIn, jobsOf, type OracleState, Refused, write } from "./oracle-state.ts";

const DAY_MS = 86_400_000;

/** What jobs can be asked, as the port's comments promise it. */
export const JOB_CALLS = {
  enqueue(state: OracleState, { job, hen, limits, once, delegatedBy }: NewJob): Job {
    assertKeyFree(state, once, job.created_at);
    const { hen: found } = requireHen(state, job.hen_id);
    if (!hen.from.includes(found.state)) throw new Refused("illegal_move");
    endOf(found.state, hen.moves);
    if (jobsIn(state, "QUEUED").length >= limits.perFarm) throw new Refused("queue_full");
    if (jobsOf(state, job.hen_id, "QUEUED").length >= limits.perHen) throw new Refused("queue_full");
    bindKey(state, once, job.id, job.created_at);
    walk(state, job.hen_id, hen.moves, job.created_at);
    state.jobs.set(job.id, { job, epoch: 0, journal: [], isCancelAsked: false, children: new Map() });
    emit(state, { type: "job_submitted", job_id: job.id, hen_id: job.hen_id }, job.created_at);
    if (delegatedBy !== undefined) {
      emit(state, { type: "delegated", from: delegatedBy, to: job.hen_id, job_id: job.id }, job.created_at);
    }
    return job;
  },

  spawnChild(state: OracleState, { child, hen, limits, parent }: SpawnedChild): Job {
    if (child.parent_job_id === null) throw new Refused("bad_request");
    const record = requireHeld(state, child.parent_job_id, parent.epoch);
    const callKey = `${parent.turn}:${parent.callId}`;
    const known = record.children.get(callKey);
    if (known !== undefined) return requireJob(state, known).job;
    assertMayWait(state, record.job, child);
    JOB_CALLS.enqueue(state, { job: child, hen, limits, delegatedBy: record.job.hen_id });
    const at = child.created_at;
    const { turn, callId } = parent;
    write(record, at, { kind: "child.spawned", turn, call_id: callId, job_id: child.id, hen_id: child.hen_id });
    record.job = { ...record.job, updated_at: at };
    record.children.set(callKey, child.id);
    return child;
  },

  claim(
    state: OracleState,
    parts: { readonly count: number; readonly at: Instant; readonly episodes?: number },
  ): Claim[] {
    const { count, at } = parts;
    const claims: Claim[] = [];
    while (claims.length < count) {
      const [next] = [...state.hens.values()]
        .filter((record) => claimable(state, record) !== undefined)
        .sort((a, b) => a.lastClaim - b.lastClaim || (a.hen.id < b.hen.id ? -1 : 1));
      const record = next && claimable(state, next);
      if (next === undefined || record === undefined) break;
      state.claims += 1;
      next.lastClaim = state.claims;
      if (next.hen.state !== "WORKING") walk(state, next.hen.id, ["WORKING"], at);
      record.epoch += 1;
      record.job = { ...record.job, status: "RUNNING", updated_at: at, started_at: record.job.started_at ?? at };
      emit(state, { type: "job_status_changed", job_id: record.job.id, status: "RUNNING", hen_id: next.hen.id }, at);
      const claim = toClaim(state, record);
      const remembered = parts.episodes !== undefined && claim.journal.length === 0;
      const all = state.episodes.get(next.hen.id) ?? [];
      claims.push(
        remembered ? { ...claim, episodes: all.slice(all.length - Math.min(all.length, parts.episodes ?? 0)) } : claim,
      );
    }
    return claims;
  },

  takeOver(state: OracleState, at: Instant): Claim[] {
    for (const record of state.hens.values()) record.holds.clear();
    loseCalls(state);
    return jobsIn(state, "RUNNING").map((record) => {
      record.epoch += 1;
      record.job = { ...record.job, updated_at: at, cost: costOfJob(record) };
      return toClaim(state, record);
    });
  },

  append(state: OracleState, { jobId, epoch, at, facts, progress }: NewFacts): number {
    const record = requireHeld(state, jobId, epoch);
    write(record, at, ...facts);
    record.job = { ...record.job, updated_at: at, ...progress, cost: costOfJob(record) };
    return record.journal.length;
  },

  settle(state: OracleState, { jobId, epoch, at, facts, settlement }: JobEnd): Job {
    const record = requireHeld(state, jobId, epoch);
    const { status, result, error, errorCode, turns, usage, episodeId } = settlement;
    write(record, at, ...facts);
    record.job = { ...record.job, turns, usage };
    endJob(state, record, { status, result, error, error_code: errorCode }, at);
    remember(state, record.job, episodeId, at);
    leaveWork(state, record.job.hen_id, at);
    return record.job;
  },

  park(state: OracleState, { jobId, epoch, at, facts, needs }: ParkedJob): Job {
    const record = requireHeld(state, jobId, epoch);
    if (record.isCancelAsked) throw new Refused("cancelled");
    write(record, at, ...facts);
    record.job = { ...record.job, status: "QUEUED", updated_at: at };
    record.job = { ...record.job, cost: costOfJob(record) };
    emit(state, { type: "job_status_changed", job_id: jobId, status: "QUEUED", hen_id: record.job.hen_id }, at);
    requireHen(state, record.job.hen_id).holds.add(needs);
    leaveWork(state, record.job.hen_id, at);
    return record.job;
  },

  cancelQueued(state: OracleState, id: JobId, at: Instant): Job {
    const record = requireJob(state, id);
    if (record.job.status === "RUNNING") throw new Refused("hen_busy");
    if (record.job.status !== "QUEUED") throw new Refused("job_ended");
    const error = "cancelled before it started";
    endJob(state, record, { status: "CANCELLED", result: null, error, error_code: "cancelled" }, at);
    return record.job;
  },

  cancel(state: OracleState, id: JobId, at: Instant): Job {
    const record = requireJob(state, id);
    if (record.job.status !== "RUNNING") return JOB_CALLS.cancelQueued(state, id, at);
    record.isCancelAsked = true;
    return record.job;
  },

  failWaiting(state: OracleState, { reason, limit, at }: WaitingEnd): number {
    const failed = jobsIn(state, "QUEUED").slice(0, limit);
    const ending = { status: "FAILED", result: null, error: reason, error_code: "interrupted" } as const;
    for (const record of failed) endJob(state, record, ending, at);
    return failed.length;
  },
};

function remember(state: OracleState, job: Job, id: Parameters<typeof episodeOf>[1], at: Instant): void {
  const episode = episodeOf(job, id, at);
  if (episode === undefined) return;
  const days = state.hens.get(job.hen_id)?.hen.manifest.memory?.episodic_retention_days ?? 0;
  const all = [...(state.episodes.get(job.hen_id) ?? []), episode];
  const kept = days === 0 ? all : all.filter((one) => fromInstant(one.at) >= fromInstant(at) - days * DAY_MS);
  state.episodes.set(job.hen_id, kept);
  emit(state, { type: "memory_recorded", hen_id: job.hen_id, entry_id: id }, at);
}

function toClaim(state: OracleState, record: JobRecord): Claim {
  const { job, epoch, journal, isCancelAsked } = record;
  return { job, hen: requireHen(state, job.hen_id).hen, epoch, journal: [...journal], isCancelAsked };
}

function requireJob(state: OracleState, id: JobId): JobRecord {
  const record = state.jobs.get(id);
  if (record === undefined) throw new Refused("job_not_found");
  return record;
}

function requireHeld(state: OracleState, id: JobId, epoch: number): JobRecord {
  const record = requireJob(state, id);
  if (record.job.status !== "RUNNING" || record.epoch !== epoch) throw new Refused("stale_epoch");
  return record;
}

/** The rule itself is core's; the oracle only says what holds which slot. */
function assertMayWait(state: OracleState, parent: Job, child: Job): void {
  const slotsOf = (id: HenId): HenSlots => {
    const hen = state.hens.get(id)?.hen;
    const running = jobsOf(state, id, "RUNNING").map((record) => ({
      id: record.job.id,
      child: openChild(state, record),
    }));
    return { slots: hen === undefined ? 0 : maxConcurrentJobs(hen.manifest), running };
  };
  try {
    assertDelegable({
      jobId: parent.id,
      from: parent.hen_id,
      to: child.hen_id,
      depth: child.delegation_depth - 1,
      ancestors: chainOf(state, parent.id),
      slotsOf,
    });
  } catch (error) {
    throw error instanceof CoopError ? new Refused(error.code) : error;
  }
}

function openChild(state: OracleState, record: JobRecord): HenSlots["running"][number]["child"] {
  for (const id of record.children.values()) {
    const job = state.jobs.get(id)?.job;
    if (job === undefined || !["QUEUED", "RUNNING"].includes(job.status)) continue;
    return { id, henId: job.hen_id, isRunning: job.status === "RUNNING" };
  }
  return null;
}

function chainOf(state: OracleState, id: JobId): HenId[] {
  const record = state.jobs.get(id);
  if (record === undefined) return [];
  const parent = [...state.jobs.values()].find(({ children }) => [...children.values()].includes(id));
  return [...(parent === undefined ? [] : chainOf(state, parent.job.id)), record.job.hen_id];
}
