import type { AttentionChanged } from "../attention/attention.ts";
import type { HenState } from "../hen/moves.ts";
import type { EpisodeId, Instant, JobId, TaskId } from "../ids/brand.ts";
import type { HenId } from "../ids/hen-id.ts";
import type { JobStatus } from "../job/job.ts";
import type { EgressFact } from "../net/egress-log.ts";
import type { TaskStatus } from "../task/task.ts";
import type { TerminalChanged } from "../terminal/terminal.ts";

/** What happened, in the original's words (contract/http-api.md §5.1). */
export type FarmFact =
  | { readonly type: "hen_created"; readonly id: HenId }
  | { readonly type: "hen_state_changed"; readonly id: HenId; readonly from: HenState; readonly to: HenState }
  | { readonly type: "hen_manifest_changed"; readonly id: HenId; readonly revision: number }
  | { readonly type: "hen_deleted"; readonly id: HenId }
  | { readonly type: "job_submitted"; readonly job_id: JobId; readonly hen_id: HenId }
  | { readonly type: "job_status_changed"; readonly job_id: JobId; readonly status: JobStatus; readonly hen_id: HenId }
  | { readonly type: "memory_recorded"; readonly hen_id: HenId; readonly entry_id: EpisodeId }
  | { readonly type: "memory_forgotten"; readonly hen_id: HenId; readonly count: number }
  | { readonly type: "task_submitted"; readonly task_id: TaskId }
  | {
      readonly type: "task_status_changed";
      readonly task_id: TaskId;
      readonly status: TaskStatus;
      /** Who has it; null while nobody does. */
      readonly hen_id: HenId | null;
    }
  | { readonly type: "delegated"; readonly from: HenId; readonly to: HenId; readonly job_id: JobId }
  | EgressFact;

/** A fact as a row: `seq` is farm-wide, starts at 1 and never repeats; a `/watch` client resumes behind it. */
export type FarmEvent = FarmFact & { readonly seq: number; readonly at: Instant };

/** What `/watch` sends besides events; neither is a row, so neither has a `seq` of its own. */
export type WatchNotice =
  /** Rows up to and including `to` were not sent; read a snapshot and go on behind `to`. */
  | { readonly type: "gap"; readonly from: number; readonly to: number; readonly reason: GapReason }
  | JobProgress
  | AttentionChanged
  | TerminalChanged
  | FarmChanged
  | VaultChanged
  | { readonly type: "shutting_down" };

/** Somebody stopped the whole farm, or lets it go on. */
export interface FarmChanged {
  readonly type: "farm_changed";
  readonly stopped: boolean;
}

/** The vault was opened or locked, or holds other secrets, or may send one to other hosts. */
export interface VaultChanged {
  readonly type: "vault_changed";
  readonly unlocked: boolean;
  readonly secrets: number;
}

/** How far a running job is; at most two a second a job, and none is promised. */
export interface JobProgress {
  readonly type: "job_progress";
  readonly job_id: JobId;
  readonly hen_id: HenId;
  readonly turn: number;
  /** The tool that runs, or null while the brain thinks. */
  readonly tool: string | null;
  /** Input and output tokens of the job so far. */
  readonly tokens: number;
}

/**
 * slow: the client did not keep up · pruned: the rows are not kept any more · reset: the client was further than this farm
 * ever was, which so is another one than it knew; ours says it of itself where a farm gives its events no numbers.
 */
export type GapReason = "slow" | "pruned" | "reset";
