import {
  type AgentKind,
  type Clock,
  CoopError,
  createTask,
  type Hen,
  matchTask,
  type OnceKey,
  PAGE_MAX,
  type Page,
  requirePromptFits,
  type Store,
  TASK_STATUSES,
  type Task,
  type TaskId,
  type TaskView,
  toInstant,
} from "coopd-core";
import type { Pens } from "./pens.ts";

/** What keeping tasks needs. */
export interface TaskParts {
  readonly store: Store;
  readonly pens: Pens;
  readonly clock: Clock;
  readonly newId: () => string;
  /** UTF-8 bytes; 0 switches the cap off. */
  readonly promptBytesMax: number;
}

/** A task as it is asked for. */
export interface NewTask {
  readonly prompt: string;
  /** Null fits any command line agent. */
  readonly kind: AgentKind | null;
  readonly leaseId: string | null;
}

/**
 * Prompts for any fitting terminal-driven hen. They are kept, and shown with what they wait for. A fitting hen is not given
 * one yet, since that means typing into its terminal and there are no terminals: such a task stays PENDING and says so.
 */
export class Tasks {
  readonly #parts: TaskParts;

  constructor(parts: TaskParts) {
    this.#parts = parts;
  }

  /** @throws CoopError `bad_request` (blank), `prompt_too_large`, `idempotency_conflict` */
  async create({ prompt, kind, leaseId }: NewTask, once?: OnceKey): Promise<Task> {
    const { store, newId, promptBytesMax } = this.#parts;
    if (prompt.trim() === "") throw new CoopError("bad_request", "the prompt is blank");
    requirePromptFits(prompt, promptBytesMax);
    return await store.createTask(createTask({ id: newId() as TaskId, prompt, kind, leaseId, at: this.#now() }), once);
  }

  /** Newest first. What a task waits for is found out now, so it is never out of date. */
  async list(page: Page): Promise<readonly TaskView[]> {
    const { store, pens, promptBytesMax } = this.#parts;
    const tasks = await store.tasks(page);
    const hens = tasks.some(({ status }) => status === "PENDING") ? await this.#hens() : [];
    const conditions = { walls: pens.walls, promptBytesMax };
    return tasks.map((task) => ({
      ...task,
      waiting_for: task.status === "PENDING" ? waitingFor(task, hens, conditions) : null,
    }));
  }

  /** Marks it done, from any status. @throws CoopError `task_not_found` */
  async finish(id: TaskId): Promise<void> {
    await this.#parts.store.moveTask({ id, from: TASK_STATUSES, to: "DONE", at: this.#now() });
  }

  /** @throws CoopError `task_not_found`; `illegal_move` unless it is PENDING */
  async cancel(id: TaskId): Promise<void> {
    await this.#parts.store.moveTask({ id, from: ["PENDING"], to: "CANCELLED", at: this.#now() });
  }

  async #hens(): Promise<readonly Hen[]> {
    const all: Hen[] = [];
    for (;;) {
      const after = all.at(-1)?.id;
      const rows = await this.#parts.store.hens({}, { limit: PAGE_MAX, ...(after === undefined ? {} : { after }) });
      all.push(...rows);
      if (rows.length < PAGE_MAX) return all;
    }
  }

  #now() {
    return toInstant(this.#parts.clock.nowMs());
  }
}

function waitingFor(task: Task, hens: readonly Hen[], conditions: Parameters<typeof matchTask>[2]): string {
  const { hen, waitingFor: reason } = matchTask(task, hens, conditions);
  return hen === undefined
    ? reason
    : `a terminal: ${hen.id} fits and is idle, and this version cannot type into it yet`;
}
