import {
  createJob,
  type EpisodeId,
  type HenId,
  type HenState,
  type Instant,
  type Job,
  type JobId,
  jobLimits,
  movesFrom,
  type OnceKey,
  TASK_STATUSES,
  type Task,
  type TaskId,
  toInstant,
} from "coopd-core";
import { sampleEgress, toFact } from "../sample-egress.ts";
import { henId, jobId, sampleHen, sampleId } from "../samples.ts";
import type { JobRecord, OracleState } from "./oracle-state.ts";
import type { Random } from "./random.ts";
import { RandomAccess } from "./random-access.ts";
import { randomFacts, randomNotes, randomPlan, randomSpending, randomUsage } from "./random-facts.ts";

/** One call to be made. */
export interface RandomCall {
  readonly name: ModelledName;
  readonly args: readonly unknown[];
}

const HENS = Array.from({ length: 10 }, (_, n) => `h${n}`);
const LEASES = ["l1", "l2"] as const;
const ALL_STATES: readonly HenState[] = ["DEFINED", "HATCHING", "IDLE", "WORKING", "LEASED", "SLEEPING", "DORMANT"];
/**
 * Moves that other calls make: a claim WORKING, a lease LEASED; and ARCHIVED, which in the end would leave a farm of hens
 * that do nothing.
 */
const MOVES_OF_OTHERS: Readonly<Partial<Record<HenState, true>>> = { WORKING: true, LEASED: true, ARCHIVED: true };
const HOLDS = ["move", "vault", "walls"] as const;
const LIMITS = { perHen: 7, perFarm: 30 };
const UIDS = { base: 5_000, count: 8 };
/** Beyond this many jobs hens are deleted more often, so that a full comparison stays cheap. */
const JOBS_KEPT = 90;

/** How often each call is made, against the others. */
const WEIGHTS = {
  createHen: 6,
  moveHen: 8,
  deleteHen: 2,
  putManifest: 3,
  recordEgress: 3,
  allotUid: 3,
  holdHen: 2,
  leaseHen: 2,
  releaseHen: 1,
  expireLeases: 1,
  enqueue: 28,
  spawnChild: 6,
  claim: 14,
  takeOver: 0.3,
  append: 14,
  settle: 16,
  beginCall: 2,
  endCall: 2,
  park: 2,
  cancelQueued: 2,
  cancel: 2,
  failWaiting: 0.3,
  forget: 0.7,
  createTask: 2,
  moveTask: 3,
  putSetting: 1,
  addCredential: 1.5,
  removeCredential: 0.6,
  dropStaleLogins: 0.2,
  touchCredentials: 0.6,
  appendAudit: 1,
  dismiss: 0.6,
} as const;

export type ModelledName = keyof typeof WEIGHTS;

/** Makes calls that fit the state most of the time and miss it often enough to see every refusal. */
export class RandomCalls {
  readonly #random: Random;
  #nowMs = Date.UTC(2026, 0, 1);
  readonly #access: RandomAccess;
  #lastJob = 0;
  #lastTask = 0;
  #lastEpisode = 0;
  #lastCall = 0;

  constructor(random: Random) {
    this.#random = random;
    this.#access = new RandomAccess(random);
  }

  get now(): Instant {
    return toInstant(this.#nowMs);
  }

  next(state: OracleState): RandomCall {
    this.#nowMs += this.#random.chance(0.002) ? 40_000_000 : this.#random.below(3_000); // mostly seconds, rarely 11 h
    const name = state.jobs.size > JOBS_KEPT && this.#random.chance(0.2) ? "deleteHen" : this.#name();
    return { name, args: this.#args(name, state) };
  }

  #name(): ModelledName {
    const entries = Object.entries(WEIGHTS) as [ModelledName, number][];
    let left = this.#random.below(10_000 * entries.reduce((sum, [, weight]) => sum + weight, 0)) / 10_000;
    for (const [name, weight] of entries) {
      left -= weight;
      if (left < 0) return name;
    }
    return "claim";
  }

  #args(name: ModelledName, state: OracleState): readonly unknown[] {
    const at = this.now;
    switch (name) {
      case "createHen":
        return [this.#newHen(at)];
      case "moveHen":
        return [this.#moves(state, at)];
      case "deleteHen":
      case "forget":
        return [this.#hen(state), at];
      case "putManifest":
        return [this.#newManifest(state, at)];
      case "recordEgress":
        return [this.#newEgress(state, at)];
      case "allotUid":
        return [this.#hen(state), UIDS];
      case "holdHen":
        return [this.#hen(state), this.#random.pick(HOLDS), this.#random.chance(0.3)];
      case "leaseHen":
        return [this.#lease(state, at)];
      case "releaseHen":
        return [{ id: this.#hen(state), isForced: this.#random.chance(0.5), at }];
      case "expireLeases":
        return [at];
      case "enqueue":
        return [this.#newJob(state, at)];
      case "spawnChild":
        return [this.#child(state, at)];
      case "claim":
        return [this.#claim(at)];
      case "takeOver":
        return [at];
      case "append":
        return [this.#facts(state, at)];
      case "settle":
        return [this.#end(state, at)];
      case "park":
        return [this.#parked(state, at)];
      case "cancelQueued":
      case "cancel":
        return [this.#job(state).job.id, at];
      case "failWaiting":
        return [{ reason: "because", limit: this.#random.below(4), at }];
      case "beginCall":
        return [this.#newCall(state, at)];
      case "endCall":
        return [this.#callEnd(state)];
      case "createTask":
        return this.#newTask(at);
      case "moveTask":
        return [this.#taskMove(state, at)];
      case "putSetting":
        return [`key${this.#random.below(4)}`, String(this.#random.below(1_000))];
      default:
        return this.#access.args(name, state, at);
    }
  }

  #claim(at: Instant) {
    const episodes = this.#random.chance(0.7) ? { episodes: this.#random.below(9) } : {};
    return { count: this.#random.below(5), at, ...episodes };
  }

  #newCall(state: OracleState, at: Instant) {
    this.#lastCall += 1;
    return { id: `call${this.#lastCall}`, henId: this.#hen(state), at, plan: randomPlan(this.#random), rules: [] };
  }

  #callEnd(state: OracleState) {
    const [id, open] = this.#random.pick([...state.calls]) ?? ["none", undefined];
    return { id, henId: open?.henId ?? this.#hen(state), fact: randomSpending(this.#random) };
  }

  /** An existing one mostly. */
  #hen(state: OracleState): HenId {
    const known = this.#random.chance(0.93) ? this.#random.pick([...state.hens.keys()]) : undefined;
    return known ?? henId(this.#random.pick(HENS) ?? "h0");
  }

  #newHen(at: Instant) {
    const state = this.#random.pick(["DEFINED", "IDLE", "IDLE", "IDLE", "LEASED", "SLEEPING"] as const) ?? "IDLE";
    const leaseId = state === "LEASED" ? this.#random.pick(LEASES) : undefined;
    const hen = sampleHen(this.#random.pick(HENS) ?? "h0", {
      state,
      slots: 1 + this.#random.below(3),
      ...(leaseId === undefined ? {} : { leaseId }),
      ...(this.#random.chance(0.4) ? { retentionDays: 1 } : {}),
    });
    return { hen: { ...hen, created_at: at, updated_at: at }, manifestText: `name: ${hen.id}`, ...this.#once() };
  }

  #newManifest(state: OracleState, at: Instant) {
    const id = this.#hen(state);
    const known = state.hens.get(id)?.hen.manifest_revision ?? 1;
    const wishes = { slots: 1 + this.#random.below(3), ...(this.#random.chance(0.4) ? { retentionDays: 1 } : {}) };
    const { manifest } = sampleHen(this.#random.pick(HENS) ?? "h0", wishes);
    const revision = this.#random.chance(0.85) ? known : this.#random.below(4);
    return { id, revision, manifest, manifestText: `name: ${this.#random.below(1_000)}`, at };
  }

  #newEgress(state: OracleState, at: Instant) {
    const entries = Array.from({ length: this.#random.below(4) }, () =>
      sampleEgress(this.#hen(state), { at, port: 1 + this.#random.below(9) }),
    );
    const facts = entries.filter(() => this.#random.chance(0.5)).map(toFact);
    return { entries, facts, at };
  }

  #moves(state: OracleState, at: Instant) {
    const id = this.#hen(state);
    const actual = state.hens.get(id)?.hen.state ?? "IDLE";
    const from = this.#random.chance(0.9) ? actual : (this.#random.pick(ALL_STATES) ?? "IDLE");
    const moves: HenState[] = [];
    for (let last = from; moves.length < 2 && this.#random.chance(0.7); last = moves.at(-1) ?? last) {
      const legal = last === "LEASED" ? [] : movesFrom(last).filter((to) => MOVES_OF_OTHERS[to] !== true);
      moves.push(this.#random.pick(this.#random.chance(0.92) ? legal : ["DEFINED", "SLEEPING"]) ?? "SLEEPING");
    }
    return { id, from, moves, at };
  }

  #lease(state: OracleState, at: Instant) {
    const id = this.#hen(state);
    const actual = state.hens.get(id)?.hen.state ?? "IDLE";
    const from = this.#random.chance(0.9) ? actual : "IDLE";
    const moves: readonly HenState[] = actual === "SLEEPING" ? ["IDLE", "LEASED"] : ["LEASED"];
    const expires_at = this.#random.chance(0.5) ? toInstant(this.#nowMs + this.#random.below(40_000)) : null;
    const lease_id = this.#random.pick(LEASES) ?? "l1";
    return { id, from, moves, lease: { kind: "leased_out" as const, renter: "rex", lease_id, expires_at }, at };
  }

  #newJob(state: OracleState, at: Instant, parts: { readonly henId?: HenId; readonly parent?: Job } = {}) {
    const to = parts.henId ?? this.#hen(state);
    const actual = state.hens.get(to)?.hen.state ?? "IDLE";
    const sleeps = actual === "SLEEPING" || actual === "DORMANT";
    const wakes = sleeps && this.#random.chance(0.8);
    const leaseId = this.#random.chance(actual === "LEASED" ? 0.7 : 0.1) ? this.#random.pick(LEASES) : undefined;
    this.#lastJob += 1;
    const job = createJob({
      id: jobId(this.#lastJob),
      henId: to,
      prompt: `do ${this.#lastJob}`,
      at,
      limits: jobLimits(null),
      ...(leaseId === undefined ? {} : { leaseId }),
      ...(parts.parent === undefined ? {} : { parentJobId: parts.parent.id, depth: parts.parent.delegation_depth + 1 }),
    });
    const from = wakes ? [actual] : this.#random.chance(0.9) ? ALL_STATES : (["IDLE"] as const);
    const delegatedBy = this.#random.chance(0.05) ? { delegatedBy: henId("h0") } : {};
    return { job, hen: { from, moves: wakes ? ["IDLE"] : [] }, limits: LIMITS, ...this.#once(), ...delegatedBy };
  }

  #child(state: OracleState, at: Instant) {
    const { job: parent, epoch } = this.#job(state, "RUNNING");
    const { job, hen, limits } = this.#newJob(state, at, { henId: this.#hen(state), parent });
    const call = { turn: 1 + this.#random.below(2), callId: `c${this.#random.below(2)}` };
    return { child: job, hen, limits, parent: { epoch: this.#epoch(epoch), ...call } };
  }

  /** One in this status mostly, else any; sometimes one that is not there. */
  #job(state: OracleState, status?: Job["status"]): JobRecord {
    const records = [...state.jobs.values()];
    const fitting = status === undefined ? records : records.filter(({ job }) => job.status === status);
    const known = this.#random.pick(this.#random.chance(0.9) ? fitting : records);
    if (known !== undefined && this.#random.chance(0.98)) return known;
    const job = createJob({
      id: jobId(0),
      henId: henId("h0"),
      prompt: "",
      at: this.now,
      limits: jobLimits(null, { max_turns: 1 }),
    });
    return { job, epoch: 1, journal: [], isCancelAsked: false, children: new Map() };
  }

  #epoch(epoch: number): number {
    return this.#random.chance(0.94) ? epoch : Math.max(0, epoch - 1 + 2 * this.#random.below(2));
  }

  #facts(state: OracleState, at: Instant) {
    const { job, epoch } = this.#job(state, "RUNNING");
    const progress = this.#random.chance(0.5)
      ? { progress: { turns: this.#random.below(9), usage: randomUsage(this.#random) } }
      : {};
    return { jobId: job.id, epoch: this.#epoch(epoch), at, facts: randomFacts(this.#random), ...progress };
  }

  #end(state: OracleState, at: Instant) {
    const { job, epoch } = this.#job(state, "RUNNING");
    const status = this.#random.pick(["DONE", "DONE", "FAILED", "CANCELLED"] as const) ?? "DONE";
    const isDone = status === "DONE";
    this.#lastEpisode += 1;
    const settlement = {
      status,
      result: isDone || this.#random.chance(0.2) ? `result of ${job.id}` : null,
      error: isDone ? null : "it did not work",
      errorCode: isDone ? null : ("tool_failed" as const),
      turns: this.#random.below(9),
      usage: randomUsage(this.#random),
      episodeId: sampleId<EpisodeId>(9_000_000 + this.#lastEpisode),
    };
    return { jobId: job.id as JobId, epoch: this.#epoch(epoch), at, facts: randomFacts(this.#random), settlement };
  }

  #parked(state: OracleState, at: Instant) {
    const { job, epoch } = this.#job(state, "RUNNING");
    const needs = this.#random.pick(["vault", "walls"] as const) ?? "vault";
    return { jobId: job.id, epoch: this.#epoch(epoch), at, facts: randomNotes(this.#random), needs };
  }

  #newTask(at: Instant): readonly unknown[] {
    this.#lastTask += 1;
    const task: Task = {
      id: sampleId<never>(5_000_000 + this.#lastTask) as TaskId,
      prompt: `task ${this.#lastTask}`,
      required_agent_kind: null,
      status: "PENDING",
      claimed_by: null,
      created_at: at,
      updated_at: at,
      lease_id: null,
    };
    const { once } = this.#once();
    return once === undefined ? [task] : [task, once];
  }

  #taskMove(state: OracleState, at: Instant) {
    const id = this.#random.pick([...state.tasks.keys()].slice(-20)) ?? (sampleId<never>(4_999_999) as TaskId);
    const from = [this.#random.pick(TASK_STATUSES) ?? "PENDING", this.#random.pick(TASK_STATUSES) ?? "DONE"];
    const to = this.#random.pick(TASK_STATUSES) ?? "DONE";
    return { id, from, to, at, ...(this.#random.chance(0.5) ? { claimedBy: this.#hen(state) } : {}) };
  }

  /** A key sometimes, from a few, so that many are repeated. */
  #once(): { readonly once?: OnceKey } {
    if (!this.#random.chance(0.06)) return {};
    return { once: { key: `key-${this.#random.below(40)}`, request: `r${this.#random.below(3)}` } };
  }
}
