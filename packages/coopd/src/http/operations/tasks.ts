import { TASK_STATUSES } from "coopd-core";
import type { Operation } from "./operation.ts";
import { oneOf, pageLimit } from "./query-parameters.ts";

/** `/tasks…`. */
export const TASK_OPERATIONS: readonly Operation[] = [
  {
    method: "get",
    path: "/api/v1/tasks",
    summary: "Tasks, newest first, with what each waits for; whole and streamed without `limit`",
    query: {
      status: oneOf(TASK_STATUSES, "of this status, the oldest first: the order in which they are given out"),
      limit: pageLimit("1 to 1000"),
      after: "behind this task id in the order of the list",
    },
    status: 200,
    answers: "tasks",
    schema: "Tasks",
  },
  {
    method: "post",
    path: "/api/v1/tasks",
    scope: "operate",
    summary: "Leave a prompt for any fitting terminal-driven hen",
    isOnce: true,
    body: { "application/json": { schema: { $ref: "#/components/schemas/TaskRequest" } } },
    status: 202,
    answers: "accepted: it is durable",
    schema: "TaskAccepted",
  },
  {
    method: "post",
    path: "/api/v1/tasks/{id}/done",
    scope: "operate",
    summary: "Mark a task done, from any status",
    status: 200,
    answers: "ok",
    schema: "Ok",
  },
  {
    method: "post",
    path: "/api/v1/tasks/{id}/retry",
    scope: "operate",
    summary: "Give a DISPATCHED task out again that no hen works on any more",
    status: 200,
    answers: "ok",
    schema: "Ok",
  },
  {
    method: "delete",
    path: "/api/v1/tasks/{id}",
    scope: "operate",
    summary: "Cancel a task that is PENDING",
    status: 200,
    answers: "ok",
    schema: "Ok",
  },
];
