import type { Page, Task, TaskStatus } from "coopd-core";
import { type ReadScope, readRows, toRowLimit } from "../rows/scope.ts";
import { SELECT_TASK, type TaskRow, toTask } from "./task-row.ts";

/** Newest first. */
export function tasks(scope: ReadScope, page: Page): readonly Task[] {
  return readRows<TaskRow, Task>(scope, toRowLimit(page.limit), {
    fetch: (last, limit) => {
      const before = last?.id ?? page.after;
      return before === undefined
        ? scope.sql.all(`${SELECT_TASK} ORDER BY id DESC LIMIT $limit`, { limit })
        : scope.sql.all(`${SELECT_TASK} WHERE id < $before ORDER BY id DESC LIMIT $limit`, { before, limit });
    },
    decode: toTask,
  });
}

/** Those in one status, the oldest first. */
export function tasksIn(scope: ReadScope, status: TaskStatus, page: Page): readonly Task[] {
  return readRows<TaskRow, Task>(scope, toRowLimit(page.limit), {
    fetch: (last, limit) =>
      scope.sql.all(`${SELECT_TASK} WHERE status = $status AND id > $after ORDER BY id LIMIT $limit`, {
        status,
        after: last?.id ?? page.after ?? "",
        limit,
      }),
    decode: toTask,
  });
}
