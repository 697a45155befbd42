import { type OnceKey, PAGE_MAX, type Task } from "coopd-core";
import type { Call } from "../../calls/messages.ts";
import type { TaskMove } from "../../tasks/write-tasks.ts";
import { ACCESS_CALLS } from "./oracle-access.ts";
import { assertKeyFree, bindKey, HEN_CALLS } from "./oracle-hens.ts";
import { JOB_CALLS } from "./oracle-jobs.ts";
import { LEASE_CALLS } from "./oracle-leases.ts";
import { SPEND_CALLS, spendOfHen } from "./oracle-spend.ts";
import { byJobId, emit, type OracleState, Refused } from "./oracle-state.ts";

const OTHER_CALLS = {
  createTask(state: OracleState, task: Task, once?: OnceKey): Task {
    assertKeyFree(state, once, task.created_at);
    bindKey(state, once, task.id, task.created_at);
    state.tasks.set(task.id, task);
    emit(state, { type: "task_submitted", task_id: task.id }, task.created_at);
    return task;
  },

  moveTask(state: OracleState, { id, from, to, claimedBy, at }: TaskMove): Task {
    const task = state.tasks.get(id);
    if (task === undefined) throw new Refused("task_not_found");
    if (!from.includes(task.status)) throw new Refused("illegal_move");
    const claimed_by = to === "PENDING" ? null : (claimedBy ?? task.claimed_by);
    const moved = { ...task, status: to, claimed_by, updated_at: at };
    state.tasks.set(id, moved);
    emit(state, { type: "task_status_changed", task_id: id, status: to, hen_id: claimed_by }, at);
    return moved;
  },

  putSetting(state: OracleState, key: string, value: string): undefined {
    state.settings.set(key, value);
  },
};

/** The oracle's calls by the names of the store's writes. */
export const CALLS: Readonly<Record<string, (state: OracleState, ...args: never[]) => unknown>> = {
  ...HEN_CALLS,
  ...LEASE_CALLS,
  ...JOB_CALLS,
  ...SPEND_CALLS,
  ...ACCESS_CALLS,
  ...OTHER_CALLS,
};

/** What a call must answer: a value, or the code of its refusal. */
export type Expected = { readonly value: unknown } | { readonly code: string };

/** Does to the oracle what the call does to a store. A refused call changes nothing. */
export function applyCall(state: OracleState, { name, args }: Pick<Call, "name" | "args">): Expected {
  const call = CALLS[name] as (state: OracleState, ...args: readonly unknown[]) => unknown;
  try {
    return { value: call(state, ...args) };
  } catch (error) {
    if (error instanceof Refused) return { code: error.code };
    throw error;
  }
}

/**
 * Everything that a reader of the store can see, and what only its next answers would show: after kill -9 the run finds by
 * this which of the unanswered calls were committed, so no call may leave it unchanged and matter later.
 */
export function dumpOracle(state: OracleState): unknown {
  const hens = [...state.hens.values()].sort((a, b) => (a.hen.id < b.hen.id ? -1 : 1));
  const jobs = [...state.jobs.values()].sort(byJobId);
  const countIn = (status: string) => jobs.filter(({ job }) => job.status === status).length;
  const states = hens.map(({ hen }) => hen.state);
  return {
    hens: hens.map(({ hen, manifestText, uid, lastClaim, usage }) => ({
      ...{ hen, manifestText, uid, lastClaim, usage },
      spend: spendOfHen(state, hen.id),
    })),
    jobs: jobs.map(({ job, journal, epoch, isCancelAsked }) => ({ job, journal, epoch, isCancelAsked })),
    egress: hens.map(({ egress }) => egress.slice(0, PAGE_MAX)),
    episodes: hens.map(({ hen }) => (state.episodes.get(hen.id) ?? []).slice(-PAGE_MAX)),
    tasks: [...state.tasks.values()].sort((a, b) => (a.id > b.id ? -1 : 1)).slice(0, PAGE_MAX),
    settings: Object.fromEntries(state.settings),
    credentials: [...state.credentials.values()].sort((a, b) => (a.id < b.id ? -1 : 1)),
    audit: state.audit.slice(0, PAGE_MAX),
    dismissed: [...state.dismissed].sort(),
    counts: {
      hensByState: Object.fromEntries([...new Set(states)].map((one) => [one, states.filter((s) => s === one).length])),
      queued: countIn("QUEUED"),
      running: countIn("RUNNING"),
      ended: {
        done: sumOf(hens, ({ usage }) => usage.jobs.done),
        failed: sumOf(hens, ({ usage }) => usage.jobs.failed),
        cancelled: sumOf(hens, ({ usage }) => usage.jobs.cancelled),
      },
      eventSeq: state.lastSeq,
    },
    children: jobs
      .flatMap(({ job, children }) => [...children].map(([key, child]) => `${job.id} ${key} ${child}`))
      .sort(),
    calls: [...state.calls].map(([id, { henId }]) => `${id} ${henId}`).sort(),
    leasesOver: hens.filter(({ leaseEnd }) => leaseEnd?.isOver === true).map(({ hen }) => hen.id),
    claims: state.claims,
    lastUid: state.lastUid,
    events: state.events,
    faults: [],
    quarantined: [],
  };
}

function sumOf<Row>(rows: readonly Row[], of: (row: Row) => number): number {
  return rows.reduce((sum, row) => sum + of(row), 0);
}
