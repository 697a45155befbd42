import { CoopError, type HenId, type Task, type TaskId, type TaskStatus, toInstant } from "coopd-core";
import { DamagedRow, readBody } from "../rows/damaged-row.ts";
import type { Shape } from "../rows/shape.ts";

/** A task as every read selects it. */
export interface TaskRow {
  readonly id: TaskId;
  readonly status: TaskStatus;
  readonly claimed_by: HenId | null;
  readonly updated_ms: number;
  readonly body: string;
}

/** Columns and table of {@link TaskRow}. */
export const SELECT_TASK = "SELECT id, status, claimed_by, updated_ms, body FROM tasks";

const TASK: Shape = { id: "text", prompt: "text", required_agent_kind: "text?", created_at: "text", lease_id: "text?" };

/** The wire object: the task as it was made with what has changed since. @throws DamagedRow */
export function toTask(row: TaskRow): Task {
  const body = readBody<Task>("tasks", row.id, row.body, TASK);
  if (body.id !== row.id) throw new DamagedRow("tasks", row.id, `is the body of ${body.id}`);
  return { ...body, status: row.status, claimed_by: row.claimed_by, updated_at: toInstant(row.updated_ms) };
}

/** The refusal of an id that no task has. */
export function taskNotFound(id: TaskId): CoopError {
  return new CoopError("task_not_found", `task not found: ${id}`, {
    next: "coop task list shows the tasks of this farm.",
    details: { task_id: id },
  });
}
