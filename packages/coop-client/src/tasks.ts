import type { AgentKind, Task, TaskStatus, TaskView } from "coopd-core";
import { readObject, readRows } from "./http/answer-shape.ts";
import type { CallOptions, MakeOptions, Transport } from "./http/transport.ts";

/** A task as any coopd answers it: ours says what a PENDING one waits for, the original does not. */
export type TaskAnswer = Omit<Task, "lease_id"> & Partial<TaskView>;

/** How a task is left. */
export interface TaskOptions extends MakeOptions {
  /** The lease that it runs under; without one it is the owner's. */
  readonly leaseId?: string | undefined;
}

/** Which tasks. */
export interface TaskListOptions extends CallOptions {
  readonly status?: TaskStatus | undefined;
  readonly limit?: number | undefined;
  /** Only tasks behind this one in the order of the list. */
  readonly after?: string | undefined;
}

/** `/tasks…`: prompts for any fitting terminal-driven hen (contract/http-api.md §3). */
export interface TaskCalls {
  /** Newest first; of one status oldest first. Without `limit` (1–1000) all of them. */
  list(options?: TaskListOptions): Promise<readonly TaskAnswer[]>;
  /** `kind` null fits any command-line agent. @returns the task's id */
  submit(prompt: string, kind: AgentKind | null, options?: TaskOptions): Promise<string>;
  /** Marks it done, from any status. */
  finish(id: string, options?: CallOptions): Promise<void>;
  /** Gives it out again, once nobody works on it any more. @throws CoopError `hen_busy`, `illegal_move` */
  retry(id: string, options?: CallOptions): Promise<void>;
  /** Only while it is PENDING. */
  cancel(id: string, options?: CallOptions): Promise<void>;
}

/** The calls over one transport. */
export function taskCalls(transport: Transport): TaskCalls {
  return {
    async list({ status, limit, after, signal } = {}) {
      const answer = await transport.send("GET /tasks", { query: { status, limit, after }, signal });
      return readRows<TaskAnswer>(transport, answer, { id: "string", status: "string" });
    },
    async submit(prompt, kind, { leaseId, signal, idempotencyKey } = {}) {
      const json = { prompt, required_agent_kind: kind, lease_id: leaseId }; // what is undefined is not sent
      const answer = await transport.send("POST /tasks", { json, signal, idempotencyKey });
      return readObject<{ task_id: string }>(transport, answer, { task_id: "string" }).task_id;
    },
    async finish(id, options = {}) {
      await transport.send("POST /tasks/{id}/done", { ...options, path: { id } });
    },
    async retry(id, options = {}) {
      await transport.send("POST /tasks/{id}/retry", { ...options, path: { id } });
    },
    async cancel(id, options = {}) {
      await transport.send("DELETE /tasks/{id}", { ...options, path: { id } });
    },
  };
}
