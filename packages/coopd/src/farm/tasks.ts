import {
  type AgentKind,
  type Clock,
  CoopError,
  createTask,
  isTerminalKind,
  matchTask,
  type OnceKey,
  type Page,
  requirePromptFits,
  type Store,
  TASK_STATUSES,
  type Task,
  type TaskId,
  type TaskStatus,
  type TaskView,
  toInstant,
} from "coopd-core";
import { readAllHens, type TaskFeed } from "../terminals/task-feed.ts";
import type { Pens } from "./pens.ts";

/** What keeping tasks needs. */
export interface TaskParts {
  readonly store: Store;
  readonly pens: Pens;
  readonly clock: Clock;
  readonly newId: () => string;
  /** UTF-8 bytes; 0 switches the cap off. */
  readonly promptBytesMax: number;
  /** Gives them out. */
  readonly feed: TaskFeed;
}

/** A task as it is asked for. */
export interface NewTask {
  readonly prompt: string;
  /** Null fits any command line agent. */
  readonly kind: AgentKind | null;
  readonly leaseId: string | null;
}

/** Prompts for any fitting terminal-driven hen: kept, given out by the feed, and shown with what each waits for. */
export class Tasks {
  readonly #parts: TaskParts;

  constructor(parts: TaskParts) {
    this.#parts = parts;
  }

  /** @throws CoopError `bad_request` (blank, or for a kind without a terminal), `prompt_too_large`, `idempotency_conflict` */
  async create({ prompt, kind, leaseId }: NewTask, once?: OnceKey): Promise<Task> {
    const { store, newId, promptBytesMax, feed } = this.#parts;
    if (prompt.trim() === "") throw new CoopError("bad_request", "the prompt is blank");
    if (kind !== null && !isTerminalKind(kind)) {
      throw new CoopError("bad_request", `a hen of kind ${kind} has no agent in its terminal to give a task to`, {
        next: 'Give it a job: coop job run HEN "…"',
      });
    }
    requirePromptFits(prompt, promptBytesMax);
    const task = createTask({ id: newId() as TaskId, prompt, kind, leaseId, at: this.#now() });
    const made = await store.createTask(task, once);
    feed.ring();
    return made;
  }

  /** Newest first; of one status oldest first, as they are given out. What a task waits for is found out now, so it is never out of date. */
  async list(page: Page, status?: TaskStatus): Promise<readonly TaskView[]> {
    const { store, pens, promptBytesMax, feed } = this.#parts;
    const tasks = await (status === undefined ? store.tasks(page) : store.tasksIn(status, page));
    const hens = tasks.some(({ status }) => status === "PENDING") ? await readAllHens(store) : [];
    const conditions = { walls: pens.walls, promptBytesMax, taken: feed.taken() };
    const waitingFor = (task: Task) => {
      if (task.status === "DISPATCHED") return feed.waitingFor(task);
      if (task.status !== "PENDING") return null;
      return matchTask(task, hens, conditions).waitingFor ?? "its turn: it is being given out";
    };
    return tasks.map((task) => ({ ...task, waiting_for: waitingFor(task) }));
  }

  /** Marks it done, from any status. @throws CoopError `task_not_found` */
  async finish(id: TaskId): Promise<void> {
    const { store, feed } = this.#parts;
    await store.moveTask({ id, from: TASK_STATUSES, to: "DONE", at: this.#now() });
    feed.release(id);
  }

  /** @throws CoopError `task_not_found`; `illegal_move` unless it is PENDING */
  async cancel(id: TaskId): Promise<void> {
    await this.#parts.store.moveTask({ id, from: ["PENDING"], to: "CANCELLED", at: this.#now() });
  }

  /**
   * Gives a task out again that nobody works on any more. What its first agent did of it stays done.
   * @throws CoopError `task_not_found`; `illegal_move` unless it is DISPATCHED; `hen_busy` while a hen works on it
   */
  async retry(id: TaskId): Promise<void> {
    const { store, feed } = this.#parts;
    if (feed.isHeld(id)) {
      throw new CoopError("hen_busy", `a hen works on task ${id}`, {
        next: `Look: coop task list. When it is done: coop task done ${id}`,
      });
    }
    await store.moveTask({ id, from: ["DISPATCHED"], to: "PENDING", at: this.#now() });
    feed.ring();
  }

  #now() {
    return toInstant(this.#parts.clock.nowMs());
  }
}
