import type { FarmEvent } from "../events/events.ts";
import type { Hen } from "../hen/hen.ts";
import type { HenState } from "../hen/moves.ts";
import type { HenHold, HenNeed } from "../hen/needs.ts";
import type { HenUsage } from "../hen/usage.ts";
import type { OnceKey } from "../idempotency/once-key.ts";
import type { EpisodeId, Instant, JobId, TaskId } from "../ids/brand.ts";
import type { HenId } from "../ids/hen-id.ts";
import type { Job, JobStatus, JobUsage } from "../job/job.ts";
import type { JournalEntry, JournalFact } from "../job/journal.ts";
import type { LeaseStatus } from "../lease/lease.ts";
import type { Manifest } from "../manifest/manifest.ts";
import type { Episode } from "../memory/episode.ts";
import type { EgressEntry, EgressFact, EgressOfJob } from "../net/egress-log.ts";
import type { CeilingRule } from "../spend/ceilings.ts";
import type { Task, TaskStatus } from "../task/task.ts";
import type { AccessStore } from "./access-store.ts";
import type { SpendStore } from "./spend-store.ts";

/** A runner's hold on a job. Every write it makes carries the epoch; the store refuses an old one (`stale_epoch`). */
export interface Claim {
  readonly job: Job;
  readonly hen: Hen;
  readonly epoch: number;
  /** Empty for a fresh job; what a cut-off run left for one that goes on. */
  readonly journal: readonly JournalEntry[];
  /** Somebody asked for the end of this job before its last runner could carry it out. */
  readonly isCancelAsked: boolean;
  /** The hen's newest, oldest first, as many as the claim asked for; undefined where it asked for none, or the job goes on. */
  readonly episodes?: readonly Episode[];
}

export interface Page {
  /** At most this many rows; the store caps it at {@link PAGE_MAX}. */
  readonly limit: number;
  /** Rows strictly behind this id, in the order of the listing. */
  readonly after?: string;
}

/** One read never holds more than this many rows in memory; longer lists are read page by page. */
export const PAGE_MAX = 1000;

/** All must hold that are given; an empty `status` list matches nothing. */
export interface JobFilter {
  readonly henId?: HenId;
  /** That a call of this job handed on. */
  readonly parentId?: JobId;
  readonly status?: readonly JobStatus[];
  /** Created then or later, by the time in the job's id. */
  readonly since?: Instant;
  /** Created before then. */
  readonly until?: Instant;
  /** By id: `asc`, which holds when it is not given, lists the oldest first. */
  readonly order?: "asc" | "desc";
}

/** All must hold that are given. */
export interface EgressFilter {
  readonly verdict?: EgressEntry["verdict"];
  readonly jobId?: JobId;
  /** By seq: `asc`, which holds when it is not given, lists the oldest first. */
  readonly order?: "asc" | "desc";
}

/** One step of a search through jobs. */
export interface JobSearch {
  readonly jobs: readonly Job[];
  /** Where the next step goes on (`page.after`); null when everything was looked at. */
  readonly next: JobId | null;
}

/** The farm in numbers, all of one moment. */
export interface FarmCounts {
  readonly hensByState: Readonly<Partial<Record<HenState, number>>>;
  readonly queued: number;
  readonly running: number;
  /** Jobs of the hens that are there, those that are not kept any more included. */
  readonly ended: HenUsage["jobs"];
  readonly eventSeq: number;
}

/** How a job ended, as the store writes it. */
export interface Settlement {
  readonly status: "DONE" | "FAILED" | "CANCELLED";
  readonly result: string | null;
  readonly error: string | null;
  readonly errorCode: Job["error_code"];
  readonly turns: number;
  readonly usage: JobUsage;
  /** Id for the episode, should one be recorded. */
  readonly episodeId: EpisodeId;
}

/** What is kept of what grows for ever; jobs are kept as each hen's manifest says (`retention.jobs_days`). */
export interface PruneRules {
  readonly at: Instant;
  /** Older events go. */
  readonly eventsMs: number;
  /** More events than this go, the oldest first. */
  readonly eventsMax: number;
  /** Older rows of egress logs go. */
  readonly egressMs: number;
}

/** What one call removed. */
export interface Pruned {
  readonly events: number;
  readonly jobs: number;
  readonly keys: number;
  readonly egress: number;
  /** Nothing is left to remove. */
  readonly isDone: boolean;
}

/** What the daemon may queue at most; a clear 429 beyond (`queue_full`). */
export interface QueueLimits {
  readonly perHen: number;
  readonly perFarm: number;
}

/** What {@link Store.spawnChild} needs; `child.parent_job_id` is the parent. */
export interface SpawnedChild {
  readonly child: Job;
  readonly hen: { readonly from: readonly HenState[]; readonly moves: readonly HenState[] };
  readonly limits: QueueLimits;
  readonly parent: { readonly epoch: number; readonly turn: number; readonly callId: string };
}

/**
 * Everything Coop keeps. Each method is one transaction: all of it is durable when the promise resolves, or none of it
 * is and the promise rejects with a CoopError (`disk_full`, `store_unavailable`, or the method's own code). There is no
 * table access. Events that a method commits reach {@link Store.subscribe} in the order of their `seq`, after the commit
 * and before the method's own promise resolves.
 */
export interface Store extends AccessStore, SpendStore {
  // ── hens ──
  /** `attachments`: files that the manifest names and that were sent along (a script), by the name it uses. @throws `hen_exists`, `idempotency_conflict` */
  createHen(parts: {
    readonly hen: Hen;
    readonly manifestText: string;
    readonly attachments?: Readonly<Record<string, string>>;
    /** What the hen remembers from the start, each its own already; stored with it or not at all. */
    readonly episodes?: readonly Episode[];
    /** Bound to the hen in the same transaction; see {@link madeBy}. */
    readonly once?: OnceKey;
  }): Promise<Hen>;
  /**
   * Makes all moves, one event each, or none. Two callers can never both win the same move: `from` is checked in the
   * statement that writes. @throws `hen_not_found`, `illegal_move` (with the state that was found)
   */
  moveHen(parts: {
    readonly id: HenId;
    readonly from: HenState;
    readonly moves: readonly HenState[];
    readonly at: Instant;
  }): Promise<Hen>;
  /**
   * Removes the hen with its jobs, journals and episodes. @throws `hen_not_found`; `hen_busy` (details.job_id) while one
   * of its jobs is RUNNING
   */
  deleteHen(id: HenId, at: Instant): Promise<void>;
  hen(id: HenId): Promise<Hen | undefined>;
  /** Counted in the transactions that end jobs; undefined when there is no such hen. */
  henUsage(id: HenId): Promise<HenUsage | undefined>;
  /** The agent.yaml text as it was given. */
  manifestText(id: HenId): Promise<string | undefined>;
  /**
   * Puts another manifest in the place of the hen's, with its text and all that the store derives from it, and counts its
   * revision up: of two callers that saw the same revision only one wins.
   * @throws `hen_not_found`; `revision_conflict` (details.found) when the hen is not at `revision` any more; `hen_busy` when
   * more of its jobs run than the new manifest allows
   */
  putManifest(parts: {
    readonly id: HenId;
    readonly revision: number;
    readonly manifest: Manifest;
    readonly manifestText: string;
    readonly at: Instant;
    /** Every file that the new manifest names; without it those of the old one stay. */
    readonly attachments?: Readonly<Record<string, string>>;
  }): Promise<Hen>;
  /** A file that came with the manifest, as it was then. */
  attachment(id: HenId, name: string): Promise<string | undefined>;
  /** Ordered by id. */
  hens(filter: { readonly state?: HenState }, page: Page): Promise<readonly Hen[]>;
  /**
   * The uid that the hen's processes run under as root. The first call allots the next of `count` uids from `base`, in a
   * ring, never one that another hen holds; later calls give the same. @throws `hen_not_found`, `limit_reached`
   */
  allotUid(id: HenId, range: { readonly base: number; readonly count: number }): Promise<number>;

  /**
   * Holds the hen's queue for a reason, or ends that reason: nothing of a held hen is claimed. A new daemon lets every hen go
   * at `takeOver`. @throws `hen_not_found`
   */
  holdHen(id: HenId, hold: HenHold, isHeld: boolean): Promise<void>;

  /**
   * Makes the moves to LEASED and writes the lease into the hen: both or neither. From then on only jobs of this lease run.
   * @throws `hen_not_found`, `illegal_move` when the hen is not in `from` any more, `hen_busy`
   */
  leaseHen(parts: {
    readonly id: HenId;
    readonly from: HenState;
    readonly moves: readonly HenState[];
    readonly lease: Extract<LeaseStatus, { kind: "leased_out" }>;
    readonly at: Instant;
  }): Promise<Hen>;
  /**
   * Ends the lease: the hen is its owner's again, and what was queued under the lease is cancelled. While a job of it runs
   * that is refused, or, with `isForced`, nothing more of the lease is claimed and it ends with that job.
   * @throws `hen_not_found`, `illegal_move` when it is not leased, `hen_busy`
   */
  releaseHen(parts: { readonly id: HenId; readonly isForced: boolean; readonly at: Instant }): Promise<Hen>;
  /** Ends up to PAGE_MAX leases that are over, each as a forced release does. @returns how many */
  expireLeases(at: Instant): Promise<number>;
  /** When the next lease is over; undefined when none has an end. */
  nextLeaseEnd(): Promise<Instant | undefined>;

  // ── what needs a person ──
  /** Takes a thing out of the list for good, by its id; kept for as long as the thing can come up. */
  dismiss(id: string, at: Instant): Promise<void>;
  /** Ids that were dismissed, the newest 10,000. */
  dismissals(): Promise<readonly string[]>;
  /** Denied requests that were made in a job's name since then, the newest first; at most PAGE_MAX. */
  deniedInJobs(since: Instant): Promise<readonly EgressEntry[]>;

  // ── jobs ──
  /**
   * Makes the hen's moves and queues the job: both or neither. @throws `hen_not_found`, `queue_full`, and `illegal_move`
   * when the hen is in none of the states of `hen.from` any more (the caller asks `admit` again)
   */
  enqueue(parts: {
    readonly job: Job;
    readonly hen: { readonly from: readonly HenState[]; readonly moves: readonly HenState[] };
    readonly limits: QueueLimits;
    /** Bound to the job in the same transaction. @throws `idempotency_conflict` when it is bound already */
    readonly once?: OnceKey;
    /** In whose name the farmer hands the work on: `delegated` follows `job_submitted`. */
    readonly delegatedBy?: HenId;
  }): Promise<Job>;
  /**
   * Claims up to `count` jobs: QUEUED → RUNNING, epoch + 1, and the hen → WORKING if it is not yet. A job is claimed
   * when its hen is IDLE, WORKING or LEASED and has a free slot; per hen the oldest first; between hens the one that has
   * waited longest since its last claim. A LEASED hen runs only jobs that carry its lease id, any other hen only jobs
   * that carry none. Two callers can never claim one job, and no claim is half visible. With `episodes` a job that is fresh
   * comes with what its hen remembers, which spares its runner a wait.
   */
  claim(parts: { readonly count: number; readonly at: Instant; readonly episodes?: number }): Promise<readonly Claim[]>;
  /** After a restart: takes over every RUNNING job with a new epoch, so that a runner of the old process is fenced off. */
  takeOver(at: Instant): Promise<readonly Claim[]>;
  /**
   * Appends facts behind the last, all or none, and sets the job's turns and usage when given.
   * A `brain.request` among them reserves its worst case in the same transaction that looks at the ceilings in `rules`, so
   * two calls can never both pass where one fits; what follows it charges what it used, or all of it where nobody knows.
   * @returns the number of the journal's last entry
   * @throws `stale_epoch` when another claim holds the job or it has ended, `job_not_found`, `limit_cost`
   */
  append(parts: {
    readonly jobId: JobId;
    readonly epoch: number;
    readonly at: Instant;
    readonly facts: readonly JournalFact[];
    readonly progress?: { readonly turns: number; readonly usage: JobUsage };
    /** Those of the hen and the farm; a job's own are held by its runner, which has its journal. */
    readonly rules?: readonly CeilingRule[];
  }): Promise<number>;
  /**
   * Ends a claimed job: the last `facts` and `settled` in its journal, its status, the episode of a DONE or FAILED job, old episodes pruned by the hen's
   * retention, and the hen out of WORKING when this was its last running job. All of it becomes visible at once.
   * @throws `stale_epoch`, `job_not_found`
   */
  settle(parts: {
    readonly jobId: JobId;
    readonly epoch: number;
    readonly at: Instant;
    readonly facts: readonly JournalFact[];
    readonly settlement: Settlement;
  }): Promise<Job>;
  /**
   * Puts a claimed job back into its queue with `facts` behind its journal, and holds its hen for what it needs: both or
   * neither. It goes on from its journal once nothing holds the hen. @throws `stale_epoch`, `job_not_found`; `cancelled` when
   * somebody asked for its end: settle it
   */
  park(parts: {
    readonly jobId: JobId;
    readonly epoch: number;
    readonly at: Instant;
    readonly facts: readonly JournalFact[];
    readonly needs: HenNeed;
  }): Promise<Job>;
  /**
   * Queues a job that a running job hands to another hen, makes the hen's moves and writes `child.spawned` into the
   * parent's journal: all or nothing. Asked again for the same call, also after a crash, it answers the job that is there
   * and queues no second one. Whether the hens may wait for each other is decided in the same transaction.
   * @throws what `enqueue` throws; `stale_epoch`; `delegation_refused`; `job_not_found` when the child is gone with its hen
   */
  spawnChild(parts: SpawnedChild): Promise<Job>;
  /** The id of the job that a call handed on; its hen may be deleted, and the job with it. */
  childOfCall(call: {
    readonly parentId: JobId;
    readonly turn: number;
    readonly callId: string;
  }): Promise<JobId | undefined>;
  /** Jobs that were handed on by this job, or by any, and have not ended; by id. */
  openChildren(filter: { readonly parentId?: JobId }, page: Page): Promise<readonly Job[]>;
  /** Ends a QUEUED job that no runner holds. @throws `job_not_found`, `job_ended`, `hen_busy` when it is RUNNING by now */
  cancelQueued(id: JobId, at: Instant): Promise<Job>;
  /**
   * Ends a QUEUED job, and marks a RUNNING one so that its runner ends it, over restarts; the job as it is then.
   * @throws `job_not_found`, `job_ended`
   */
  cancel(id: JobId, at: Instant): Promise<Job>;
  /** Ends up to `limit` QUEUED jobs FAILED (`interrupted`), the oldest first, without an episode. @returns how many */
  failWaiting(parts: { readonly reason: string; readonly limit: number; readonly at: Instant }): Promise<number>;
  job(id: JobId): Promise<Job | undefined>;
  /** Ordered by id, which is the order of creation. */
  jobs(filter: JobFilter, page: Page): Promise<readonly Job[]>;
  /**
   * Those whose prompt or result has `text` in it, in capitals or not. One call looks at a bounded number of jobs, so
   * that a search never holds up a commit; the caller goes on at `next` until it has enough.
   */
  searchJobs(filter: JobFilter, text: string, page: Page): Promise<JobSearch>;
  /** The `count` newest, newest first. */
  latestJobs(count: number): Promise<readonly Job[]>;
  /** Ordered by seq, strictly behind `after`. */
  journal(id: JobId, page: { readonly after: number; readonly limit: number }): Promise<readonly JournalEntry[]>;

  // ── memory ──
  /** The `limit` newest, oldest first. */
  episodes(id: HenId, limit: number): Promise<readonly Episode[]>;
  /** @returns how many were forgotten */
  forget(id: HenId, at: Instant): Promise<number>;

  // ── tasks ──
  /** @throws `idempotency_conflict` when `once` is bound already */
  createTask(task: Task, once?: OnceKey): Promise<Task>;
  /** @throws `task_not_found`; `illegal_move` unless the task is in one of `from` */
  moveTask(parts: {
    readonly id: TaskId;
    readonly from: readonly TaskStatus[];
    readonly to: TaskStatus;
    readonly claimedBy?: HenId;
    readonly at: Instant;
  }): Promise<Task>;
  /** Newest first. */
  tasks(page: Page): Promise<readonly Task[]>;
  /** Those in one status, the oldest first: the order in which they are given out. */
  tasksIn(status: TaskStatus, page: Page): Promise<readonly Task[]>;

  // ── egress ──
  /**
   * Adds rows to the egress logs of their hens, and tells the facts. Of a hen that is gone nothing is kept or told. Beyond
   * EGRESS_ROWS_MAX rows of one hen its oldest go.
   */
  recordEgress(parts: {
    readonly entries: readonly EgressOfJob[];
    readonly facts: readonly EgressFact[];
    readonly at: Instant;
  }): Promise<void>;
  /** A hen's egress log by seq, strictly behind `after` in the order of the listing. */
  egress(
    id: HenId,
    filter: EgressFilter,
    page: { readonly after?: number; readonly limit: number },
  ): Promise<readonly EgressEntry[]>;

  // ── events, settings, the store itself ──
  /** Ordered by seq, strictly behind `since`. */
  events(since: number, limit: number): Promise<readonly FarmEvent[]>;
  /** The oldest seq that is still kept; 1 while nothing was pruned. */
  firstEventSeq(): Promise<number>;
  /** Called with each commit's events. Returns the way to stop. */
  subscribe(listener: (events: readonly FarmEvent[]) => void): () => void;
  counts(): Promise<FarmCounts>;
  /**
   * The id of what the request with this key made, for a day after it did. @throws `idempotency_conflict` when another
   * request had the key
   */
  madeBy(once: OnceKey, at: Instant): Promise<string | undefined>;
  /**
   * Removes old events, egress rows, ended jobs and Idempotency-Keys, some 500 rows a call; to be repeated until it is done. A watcher
   * that asks for what is gone is told by {@link firstEventSeq}.
   */
  prune(rules: PruneRules): Promise<Pruned>;
  setting(key: string): Promise<string | undefined>;
  putSetting(key: string, value: string): Promise<void>;
  /** Rows that could not be read and were set aside, so that one damaged row is not fatal. */
  quarantined(): Promise<readonly { readonly table: string; readonly key: string; readonly reason: string }[]>;
  /** Finishes what is under way, checkpoints and closes. Later calls reject with `shutting_down`. */
  close(): Promise<void>;
}
