import type { AgentKind, Task } from "coopd-core";
import { readObject, readRows } from "./http/answer-shape.ts";
import { toPathSegment } from "./http/path-segment.ts";
import type { CallOptions, MakeOptions, Transport } from "./http/transport.ts";

/** `/tasks…`: prompts for any fitting terminal-driven hen (contract/http-api.md §3). */
export interface TaskCalls {
  /** Newest first. */
  list(options?: CallOptions): Promise<readonly Task[]>;
  /** `kind` null fits any command-line agent. @returns the task's id */
  submit(prompt: string, kind: AgentKind | null, options?: MakeOptions): Promise<string>;
  /** Marks it done, from any status. */
  finish(id: string, options?: CallOptions): Promise<void>;
  /** Only while it is PENDING. */
  cancel(id: string, options?: CallOptions): Promise<void>;
}

/** The calls over one transport. */
export function taskCalls(transport: Transport): TaskCalls {
  return {
    async list(options = {}) {
      return readRows<Task>(transport, await transport.send("/tasks", options), { id: "string", status: "string" });
    },
    async submit(prompt, kind, options = {}) {
      const json = { prompt, required_agent_kind: kind };
      const answer = await transport.send("/tasks", { ...options, method: "POST", json });
      return readObject<{ task_id: string }>(transport, answer, { task_id: "string" }).task_id;
    },
    async finish(id, options = {}) {
      await transport.send(`/tasks/${toPathSegment(id)}/done`, { ...options, method: "POST" });
    },
    async cancel(id, options = {}) {
      await transport.send(`/tasks/${toPathSegment(id)}`, { ...options, method: "DELETE" });
    },
  };
}
