import type { Instant, TaskId } from "../ids/brand.ts";
import type { HenId } from "../ids/hen-id.ts";
import type { AgentKind } from "../manifest/manifest.ts";

/** Every status of a task, in the wire's upper case. */
export const TASK_STATUSES = ["PENDING", "DISPATCHED", "DONE", "CANCELLED"] as const;
export type TaskStatus = (typeof TASK_STATUSES)[number];

/** A prompt for any fitting terminal-driven hen (contract/http-api.md §4). */
export interface Task {
  readonly id: TaskId;
  readonly prompt: string;
  /** Null fits claude-code, codex and gh-copilot (contract/domain.md §9). */
  readonly required_agent_kind: AgentKind | null;
  readonly status: TaskStatus;
  readonly claimed_by: HenId | null;
  readonly created_at: Instant;
  readonly updated_at: Instant;
}

const CLI_KINDS: readonly AgentKind[] = ["claude-code", "codex", "gh-copilot"];

/** True when a hen of this kind may take the task. */
export function fitsTask(task: Task, kind: AgentKind): boolean {
  return task.required_agent_kind === null ? CLI_KINDS.includes(kind) : task.required_agent_kind === kind;
}
