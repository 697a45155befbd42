import { CoopError, type HenId, type Instant, type OnceKey, type Task, type TaskId, type TaskStatus } from "coopd-core";
import { takeKey } from "../idempotency/once.ts";
import { toMs } from "../rows/instants.ts";
import type { Scope, WriteScope } from "../rows/scope.ts";
import { SELECT_TASK, type TaskRow, taskNotFound, toTask } from "./task-row.ts";

/** What {@link moveTask} is asked. */
export interface TaskMove {
  readonly id: TaskId;
  readonly from: readonly TaskStatus[];
  readonly to: TaskStatus;
  readonly claimedBy?: HenId;
  readonly at: Instant;
}

/** @throws CoopError `idempotency_conflict` */
export function createTask(scope: WriteScope, task: Task, once?: OnceKey | null): Task {
  // Arguments cross the threads as JSON, which has no undefined: one that is given as undefined arrives as null.
  takeKey(scope, once ?? undefined, { id: task.id, at: task.created_at });
  const { id, status } = task;
  scope.sql.run(
    "INSERT INTO tasks (id, status, claimed_by, updated_ms, body) VALUES ($id, $status, $claimedBy, $updated, $body)",
    { id, status, claimedBy: task.claimed_by, updated: toMs(task.updated_at), body: JSON.stringify(task) },
  );
  const made = requireTask(scope, id);
  scope.emit({ type: "task_submitted", task_id: id }, toMs(made.created_at));
  return made;
}

/**
 * Moves a task when it is in one of `from`, in the statement that writes. A task that waits again belongs to nobody; in
 * every other status it stays with the hen that has it unless another is named.
 *
 * @throws CoopError `task_not_found`, `illegal_move`
 */
export function moveTask(scope: WriteScope, { id, from, to, claimedBy, at }: TaskMove): Task {
  const moved = scope.sql.get(
    `UPDATE tasks SET status = $to, updated_ms = $at,
       claimed_by = iif($to = 'PENDING', NULL, coalesce($claimedBy, claimed_by))
     WHERE id = $id AND status IN (SELECT value FROM json_each($from)) RETURNING id`,
    { id, to, at: toMs(at), claimedBy: claimedBy ?? null, from: JSON.stringify(from) },
  );
  const task = requireTask(scope, id);
  if (moved !== undefined) {
    scope.emit({ type: "task_status_changed", task_id: id, status: to, hen_id: task.claimed_by }, toMs(at));
    return task;
  }
  throw new CoopError("illegal_move", `task ${id} is ${task.status}, not ${from.join(" or ")}`, {
    details: { task_id: id, from: task.status, to },
  });
}

function requireTask(scope: Scope, id: TaskId): Task {
  const row = scope.sql.get<TaskRow>(`${SELECT_TASK} WHERE id = $id`, { id });
  if (row === undefined) throw taskNotFound(id);
  return toTask(row);
}
