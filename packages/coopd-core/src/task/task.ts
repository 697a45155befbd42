import { isTerminalKind } from "../agent/agent-program.ts";
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
  /** The lease that it runs under; null for the owner's own. */
  readonly lease_id: string | null;
}

/** A task as the API shows it. */
export interface TaskView extends Task {
  /**
   * What a PENDING task waits for just now, and a DISPATCHED one that waits for somebody, in words for a farmer; null for
   * every other.
   */
  readonly waiting_for: string | null;
}

/** A task as it is first stored. */
export function createTask(parts: {
  readonly id: TaskId;
  readonly prompt: string;
  readonly kind: AgentKind | null;
  readonly leaseId: string | null;
  readonly at: Instant;
}): Task {
  const { id, prompt, kind, leaseId, at } = parts;
  return {
    id,
    prompt,
    required_agent_kind: kind,
    status: "PENDING",
    claimed_by: null,
    created_at: at,
    updated_at: at,
    lease_id: leaseId,
  };
}

/** The kinds that a task without one fits: command line agents that a terminal drives. */
export const CLI_KINDS: readonly AgentKind[] = ["claude-code", "codex", "gh-copilot"];

/** True when a hen of this kind may take the task. */
export function fitsTask(task: Task, kind: AgentKind): boolean {
  if (!isTerminalKind(kind)) return false; // typed into its terminal the prompt would be a shell's command (weaknesses G2)
  return task.required_agent_kind === null ? CLI_KINDS.includes(kind) : task.required_agent_kind === kind;
}
