import {
  type AuditEntry,
  type CallPlan,
  type EgressEntry,
  type Episode,
  type ErrorCode,
  type FarmEvent,
  type FarmFact,
  type Hen,
  type HenHold,
  type HenId,
  type HenUsage,
  type Instant,
  type Job,
  type JobId,
  type JournalEntry,
  type JournalFact,
  type KeptCredential,
  leaseIdOf,
  maxConcurrentJobs,
  type Spend,
  type Task,
  type TaskId,
} from "coopd-core";

/** A hen as the oracle keeps it. */
export interface HenRecord {
  hen: Hen;
  manifestText: string;
  uid: number | null;
  lastClaim: number;
  readonly holds: Set<HenHold>;
  usage: HenUsage;
  /** What calls that belong to no job have used. */
  singles: Spend;
  readonly egress: EgressEntry[];
  /** Of a lease that was made or ended by a call. */
  leaseEnd: { readonly expires: Instant | null; readonly isOver: boolean } | undefined;
}

/** A job as the oracle keeps it. */
export interface JobRecord {
  job: Job;
  epoch: number;
  readonly journal: JournalEntry[];
  isCancelAsked: boolean;
  /** Child by `<turn>:<call id>`. */
  readonly children: Map<string, JobId>;
}

/** What a request with a key made. */
export interface KeyRecord {
  readonly request: string;
  readonly made: string;
  readonly at: Instant;
}

/**
 * Everything a store holds, in the plainest form: what the Store port promises, without tables, indexes, counters or
 * transactions. Cloned with `structuredClone`.
 */
export interface OracleState {
  readonly hens: Map<HenId, HenRecord>;
  readonly jobs: Map<JobId, JobRecord>;
  readonly episodes: Map<HenId, Episode[]>;
  readonly tasks: Map<TaskId, Task>;
  readonly settings: Map<string, string>;
  readonly keys: Map<string, KeyRecord>;
  readonly credentials: Map<string, KeptCredential>;
  readonly audit: AuditEntry[];
  readonly dismissed: Set<string>;
  /** Calls under way that belong to no job. */
  readonly calls: Map<string, { readonly henId: HenId; readonly plan: CallPlan }>;
  /** Since the last comparison. */
  readonly events: FarmEvent[];
  lastSeq: number;
  claims: number;
  lastUid: number;
}

/** The refusal that the store should answer with. */
export class Refused extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode) {
    super(code);
    this.code = code;
  }
}

export function createOracleState(): OracleState {
  return {
    hens: new Map(),
    jobs: new Map(),
    episodes: new Map(),
    tasks: new Map(),
    settings: new Map(),
    keys: new Map(),
    credentials: new Map(),
    audit: [],
    dismissed: new Set(),
    calls: new Map(),
    events: [],
    lastSeq: 0,
    claims: 0,
    lastUid: -1,
  };
}

export function emit(state: OracleState, fact: FarmFact, at: Instant): void {
  state.lastSeq += 1;
  state.events.push({ ...fact, seq: state.lastSeq, at });
}

export function write(record: JobRecord, at: Instant, ...facts: readonly JournalFact[]): JournalEntry[] {
  const entries = facts.map((fact, index) => ({
    ...fact,
    seq: record.journal.length + 1 + index,
    at,
    epoch: record.epoch,
  }));
  record.journal.push(...entries);
  return entries;
}

export function jobsOf(state: OracleState, id: HenId, status: Job["status"]): JobRecord[] {
  return [...state.jobs.values()].filter(({ job }) => job.hen_id === id && job.status === status).sort(byJobId);
}

export function jobsIn(state: OracleState, status: Job["status"]): JobRecord[] {
  return [...state.jobs.values()].filter(({ job }) => job.status === status).sort(byJobId);
}

export function byJobId(a: JobRecord, b: JobRecord): number {
  return a.job.id < b.job.id ? -1 : 1;
}

/** The job that a claim would give this hen. */
export function claimable(state: OracleState, record: HenRecord): JobRecord | undefined {
  const { hen, holds, leaseEnd } = record;
  if (holds.size > 0 || leaseEnd?.isOver === true || !["IDLE", "WORKING", "LEASED"].includes(hen.state))
    return undefined;
  if (jobsOf(state, hen.id, "RUNNING").length >= maxConcurrentJobs(hen.manifest)) return undefined;
  const lease = hen.state === "IDLE" ? null : leaseIdOf(hen.lease);
  if (hen.state === "LEASED" && lease === null) return undefined;
  return jobsOf(state, hen.id, "QUEUED").find(({ job }) => job.lease_id === lease);
}
