import {
  admit,
  type Clock,
  CoopError,
  fromInstant,
  type Hen,
  type HenId,
  type Log,
  matchTask,
  PAGE_MAX,
  type Store,
  type Task,
  type TaskId,
  toCoopError,
  toInstant,
} from "coopd-core";
import { readHen } from "../farm/read-hen.ts";
import { watchForDone } from "./done-watch.ts";
import type { HenProcesses } from "./hen-processes.ts";
import type { Terminal } from "./terminal.ts";
import type { Terminals } from "./terminals.ts";
import { typePrompt } from "./typing.ts";

/** What giving out tasks needs. */
export interface TaskFeedParts {
  readonly store: Store;
  readonly terminals: Terminals;
  readonly processes: Pick<HenProcesses, "walls">;
  readonly life: { wake(id: HenId): Promise<void> };
  readonly clock: Clock;
  readonly log: Log;
  /** UTF-8 bytes; 0 switches the cap off. */
  readonly promptBytesMax: number;
}

/** A fresh agent draws its banner and its prompt; when it has been quiet for this long it listens, ms. */
const QUIET_MS = 700;
/** One that never is quiet is typed to all the same, ms. */
const SETTLE_MS_MAX = 15_000;
/** A hen whose terminal would not open is tried again after this long, ms. */
const RETRY_MS = 30_000;
/** An agent that has said nothing for this long may wait for a person, ms. */
const QUIET_SHOWN_MS = 60_000;

interface Held {
  readonly taskId: TaskId;
  terminal: Terminal | undefined;
  stop: () => void;
}

/**
 * Gives PENDING tasks to hens that fit and are free, the oldest first, by typing them into their terminals. A task is
 * DISPATCHED on disk before its first character is typed, so none is ever typed twice; one whose agent or daemon died
 * meanwhile says so and waits for a person, because nobody knows how far it came.
 */
export class TaskFeed {
  readonly #parts: TaskFeedParts;
  readonly #held = new Map<HenId, Held>();
  readonly #failed = new Map<HenId, { readonly untilMs: number; readonly reason: string }>();
  readonly #stopListening: readonly (() => void)[];
  #round: Promise<void> | undefined;
  #isRungAgain = false;
  /** False when the last look found none and nobody rang since: hens that come and go are then no reason to look. */
  #isAnyPending = true;
  #isClosed = false;
  #retry: ReturnType<typeof setTimeout> | undefined;

  constructor(parts: TaskFeedParts) {
    this.#parts = parts;
    const unsubscribe = parts.store.subscribe((events) => {
      if (this.#isAnyPending && events.some((event) => event.type === "hen_state_changed")) this.ring();
    });
    this.#stopListening = [unsubscribe, parts.terminals.onEnd((henId, terminal) => this.#lost(henId, terminal))];
  }

  /** There may be something to give out. Whoever makes a task PENDING rings. */
  ring(): void {
    if (this.#isClosed) return;
    this.#isRungAgain = true;
    this.#isAnyPending = true;
    this.#round ??= this.#goRound().finally(() => {
      this.#round = undefined;
      if (this.#isRungAgain) this.ring(); // between the last look and here
    });
  }

  /** Hens that take no task just now, and why, in words for a farmer. */
  taken(): ReadonlyMap<HenId, string> {
    const nowMs = this.#parts.clock.nowMs();
    const failed = Array.from(this.#failed)
      .filter(([, { untilMs }]) => untilMs > nowMs)
      .map(([id, { reason }]) => [id, `${id} could not be given one: ${reason}`] as const);
    const held = Array.from(this.#held, ([id, { taskId }]) => [id, `${id} has task ${taskId}`] as const);
    return new Map([...failed, ...held]);
  }

  /** What a DISPATCHED task waits for; null while its agent works. */
  waitingFor(task: Task): string | null {
    const held = task.claimed_by === null ? undefined : this.#held.get(task.claimed_by);
    const next = `coop task done ${task.id}, or coop task retry ${task.id}`;
    if (held?.taskId !== task.id) {
      return `somebody to look: the agent or terminal of ${task.claimed_by} ended while it had this task; ${next}`;
    }
    const quietMs = this.#parts.clock.nowMs() - (held.terminal?.activeMs ?? fromInstant(task.updated_at));
    if (quietMs < QUIET_SHOWN_MS) return null;
    return `somebody to look: ${task.claimed_by} has been quiet for ${Math.floor(quietMs / 1_000)} s; coop shell ${task.claimed_by}`;
  }

  /** True while a hen works on it. */
  isHeld(id: TaskId): boolean {
    return Array.from(this.#held.values()).some(({ taskId }) => taskId === id);
  }

  /** The task is over for whoever had it. */
  release(id: TaskId): void {
    for (const [henId, held] of this.#held) if (held.taskId === id) this.#free(henId, held);
    this.ring();
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#retry);
    for (const stop of this.#stopListening) stop();
    for (const held of this.#held.values()) held.stop();
  }

  async #goRound(): Promise<void> {
    while (this.#isRungAgain && !this.#isClosed) {
      this.#isRungAgain = false;
      try {
        await this.#giveOut();
      } catch (error) {
        if (!this.#isClosed) this.#parts.log.error("tasks could not be given out", { error });
      }
    }
  }

  async #giveOut(): Promise<void> {
    const { store, processes, promptBytesMax } = this.#parts;
    const tasks = await store.tasksIn("PENDING", { limit: PAGE_MAX });
    if (tasks.length === 0) {
      this.#isAnyPending = this.#isRungAgain; // rung since it was asked: the next look tells
      return;
    }
    const hens = await readAllHens(store);
    for (const task of tasks) {
      const conditions = { walls: processes.walls, promptBytesMax, taken: this.taken() };
      const { hen } = matchTask(task, hens, conditions);
      if (hen === undefined) continue;
      const held: Held = { taskId: task.id, terminal: undefined, stop: () => {} };
      this.#held.set(hen.id, held);
      void this.#give(task, hen.id, held);
    }
  }

  async #give(task: Task, henId: HenId, held: Held): Promise<void> {
    const { store, log } = this.#parts;
    try {
      await store.moveTask({ id: task.id, from: ["PENDING"], to: "DISPATCHED", claimedBy: henId, at: this.#now() });
    } catch (error) {
      this.#free(henId, held); // it was cancelled meanwhile, or the store is going
      if (!(error instanceof CoopError && error.code === "illegal_move")) log.warn("a task stays", { error });
      return;
    }
    try {
      const { terminal, hen } = await this.#openFor(task, henId);
      this.#hold(task, hen, terminal, held);
      await typePrompt(terminal, task.prompt);
      log.info("task given out", { task: task.id, hen: henId });
    } catch (thrown) {
      await this.#takeBack(task, henId, held, toCoopError(thrown));
    }
  }

  async #openFor(task: Task, henId: HenId): Promise<{ readonly terminal: Terminal; readonly hen: Hen }> {
    const { store, terminals, processes, life, promptBytesMax } = this.#parts;
    const { walls } = processes;
    const { prompt, lease_id: leaseId } = task;
    const ask = async () => {
      const hen = await readHen(store, henId);
      return { hen, ...admit({ action: "task", hen, walls, prompt, promptBytesMax, leaseId }) };
    };
    let { hen, moves } = await ask();
    if (moves.length > 0) {
      await life.wake(henId);
      ({ hen } = await ask());
    }
    const terminal = await terminals.openAdmitted(hen);
    await terminal.settled(QUIET_MS, SETTLE_MS_MAX);
    return { terminal, hen };
  }

  #hold(task: Task, hen: Hen, terminal: Terminal, held: Held): void {
    held.terminal = terminal;
    terminal.taskId = task.id;
    const { agent } = hen.manifest;
    const rules = { agent, prompt: task.prompt };
    held.stop = watchForDone(
      terminal,
      rules,
      () => void this.#finish(task, hen.id, held),
      () => this.#lost(hen.id, terminal),
    );
  }

  async #finish(task: Task, henId: HenId, held: Held): Promise<void> {
    try {
      await this.#parts.store.moveTask({ id: task.id, from: ["DISPATCHED"], to: "DONE", at: this.#now() });
      this.#parts.log.info("task done", { task: task.id, hen: henId });
    } catch (error) {
      this.#parts.log.warn("a task that is done could not be marked", { task: task.id, error });
    }
    this.#free(henId, held);
    this.ring();
  }

  /** Nothing of it was typed, so another may have it. */
  async #takeBack(task: Task, henId: HenId, held: Held, error: CoopError): Promise<void> {
    const { store, clock, log } = this.#parts;
    if (this.#isClosed) return; // the next daemon finds it DISPATCHED, and says so
    log.warn("a task could not be typed", { task: task.id, hen: henId, error });
    this.#failed.set(henId, { untilMs: clock.nowMs() + RETRY_MS, reason: error.message });
    const back = { id: task.id, from: ["DISPATCHED"], to: "PENDING", at: this.#now() } as const;
    await store.moveTask(back).catch((cause) => log.warn("a task could not be taken back", { task: task.id, cause }));
    this.#free(henId, held);
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => this.ring(), RETRY_MS);
    this.ring();
  }

  #lost(henId: HenId, terminal: Terminal): void {
    const held = this.#held.get(henId);
    if (held === undefined || held.terminal !== terminal) return;
    this.#free(henId, held);
    this.ring();
  }

  #free(henId: HenId, held: Held): void {
    held.stop();
    if (held.terminal !== undefined) held.terminal.taskId = null;
    if (this.#held.get(henId) === held) this.#held.delete(henId);
  }

  #now() {
    return toInstant(this.#parts.clock.nowMs());
  }
}

/** All hens, page by page. */
export async function readAllHens(store: Pick<Store, "hens">): Promise<readonly Hen[]> {
  const all: Hen[] = [];
  for (;;) {
    const after = all.at(-1)?.id;
    const rows = await store.hens({}, { limit: PAGE_MAX, ...(after === undefined ? {} : { after }) });
    all.push(...rows);
    if (rows.length < PAGE_MAX) return all;
  }
}
