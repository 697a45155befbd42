import {
  admit,
  agentProgramOf,
  type Clock,
  CoopError,
  type Hen,
  type HenId,
  type HostWalls,
  type Log,
  leaseIdOf,
  type Store,
  type TerminalChanged,
  type TerminalView,
  terminalPathOf,
  toInstant,
} from "coopd-core";
import type { TerminalSize } from "coopd-sandbox";
import { isLostRace, RACES_MAX, readHen } from "../farm/read-hen.ts";
import type { HenProcesses } from "./hen-processes.ts";
import type { LiveList } from "./live-list.ts";
import { toArgv } from "./program-life.ts";
import { Terminal } from "./terminal.ts";
import { createTurns } from "./turns.ts";
import { Viewer, type ViewerSocket } from "./viewer.ts";

/** What keeping terminals needs. */
export interface TerminalsParts {
  readonly store: Store;
  readonly processes: HenProcesses;
  readonly life: { hatch(id: HenId): Promise<void>; wake(id: HenId): Promise<void> };
  readonly clock: Clock;
  readonly log: Log;
  readonly liveList: LiveList;
  /** Says so to whoever watches. */
  readonly tell: (notice: TerminalChanged) => void;
  /** Without output and keys for this long a terminal is ended, s; 0 never. */
  readonly idleSecs: number;
}

/** How a client asks for a terminal. */
export interface AttachRequest {
  /** Of whoever asks; when that is revoked, the client is detached. */
  readonly credentialId: string | undefined;
  readonly isReadOnly: boolean;
  readonly hasAcks: boolean;
  /** Undefined until its first `resize`. */
  readonly size: TerminalSize | undefined;
}

/** A client that is attached. */
export interface Attachment {
  readonly terminal: Terminal;
  readonly viewer: Viewer;
}

/** A terminal holds some MB and a handful of processes; the farm's walls hold each hen's own. */
const TERMINALS_MAX = 64;
/** Where the original starts (contract/http-api.md §5.2). */
const SIZE_DEFAULT: TerminalSize = { cols: 80, rows: 24 };
/** A program that was just started listens when it has drawn something and then been quiet for a while, ms. */
const LISTENS_MS = { quiet: 300, max: 10_000 };
/** How often idle terminals are looked for, ms. */
const LOOK_MS = 15_000;

/**
 * The live terminals, one a hen. `admit` says who may have one; a terminal ends when its program does, when its hen goes to
 * sleep, is deleted or changes hands, when nobody has used it for long, and with the daemon; its viewers are told which.
 */
export class Terminals {
  readonly #parts: TerminalsParts;
  readonly #live = new Map<HenId, Terminal>();
  readonly #opening = new Map<HenId, Promise<Terminal>>();
  readonly #ended = new Set<(henId: HenId, terminal: Terminal) => void>();
  readonly #turn = createTurns();
  readonly #unsubscribe: () => void;
  readonly #idle: ReturnType<typeof setInterval> | undefined;
  #isClosed = false;

  constructor(parts: TerminalsParts) {
    this.#parts = parts;
    this.#unsubscribe = parts.store.subscribe((events) => {
      for (const event of events) {
        if (event.type === "hen_state_changed" || event.type === "hen_deleted") void this.reconcile(event.id);
      }
    });
    const { idleSecs } = parts;
    this.#idle =
      idleSecs === 0 ? undefined : setInterval(() => this.#endIdle(), Math.min(LOOK_MS, (idleSecs * 1_000) / 2));
  }

  /**
   * Attaches a client, opening the hen's terminal where there is none. Who only watches opens none, and needs no leave.
   * @throws CoopError what `admit` throws, `not_found`, `limit_reached`, `too_many_watchers`, `sandbox_failed`
   */
  async attach(id: HenId, socket: ViewerSocket, request: AttachRequest): Promise<Attachment> {
    const { isReadOnly, hasAcks, size, credentialId } = request;
    const terminal = isReadOnly ? await this.#requireLive(id) : await this.open(id, size);
    const since = toInstant(this.#parts.clock.nowMs());
    const viewer = new Viewer({ socket, credentialId, isReadOnly, hasAcks, since });
    await terminal.attach(viewer, size);
    return { terminal, viewer };
  }

  get walls(): HostWalls {
    return this.#parts.processes.walls;
  }

  /** {@link open}, and waits until its program listens: what is typed before that may be lost in its start. */
  async openListening(id: HenId): Promise<Terminal> {
    const isFresh = !this.has(id);
    const terminal = await this.open(id);
    if (isFresh) await terminal.settled(LISTENS_MS.quiet, LISTENS_MS.max);
    return terminal;
  }

  /** The hen's terminal, for typing into; opened where there is none. @throws CoopError as {@link attach} */
  async open(id: HenId, size: TerminalSize = SIZE_DEFAULT): Promise<Terminal> {
    const hen = await this.#bringUp(id);
    return this.openAdmitted(hen, size);
  }

  /** For whoever has asked `admit` already. @throws CoopError */
  async openAdmitted(hen: Hen, size: TerminalSize = SIZE_DEFAULT): Promise<Terminal> {
    const known = this.#live.get(hen.id) ?? this.#opening.get(hen.id);
    if (known !== undefined) return known;
    const opening = this.#start(hen, size);
    this.#opening.set(hen.id, opening);
    try {
      return await opening;
    } finally {
      this.#opening.delete(hen.id);
    }
  }

  find(id: HenId): Terminal | undefined {
    return this.#live.get(id);
  }

  /** By hen id. */
  list(): readonly TerminalView[] {
    return Array.from(this.#live.values(), (terminal) => terminal.view()).sort((a, b) =>
      a.hen_id < b.hen_id ? -1 : 1,
    );
  }

  /** Detaches clients by who they are, and tells them why; their terminals go on. */
  detachWhere(isMeant: (credentialId: string | undefined) => boolean, reason: string): void {
    for (const terminal of this.#live.values()) terminal.detachWhere(isMeant, reason);
  }

  /** Called after a terminal has ended. Returns the way to stop. */
  onEnd(listener: (henId: HenId, terminal: Terminal) => void): () => void {
    this.#ended.add(listener);
    return () => this.#ended.delete(listener);
  }

  /** True while the hen has one; it is awake then, whatever it does. */
  has(id: HenId): boolean {
    return this.#live.has(id) || this.#opening.has(id);
  }

  /** Ends the hen's terminal, where there is one. */
  async end(id: HenId, reason: string): Promise<void> {
    await this.#opening.get(id)?.catch(() => undefined);
    await this.#live.get(id)?.end(reason);
  }

  /** Ends the hen's terminal when the hen is no longer one that has it: asleep, gone, or another's. */
  async reconcile(id: HenId): Promise<void> {
    if (!this.has(id)) return;
    await this.#opening.get(id)?.catch(() => undefined);
    const terminal = this.#live.get(id);
    if (terminal === undefined) return;
    try {
      const reason = reasonToEnd(await this.#parts.store.hen(id), terminal);
      if (reason !== undefined) await terminal.end(reason);
    } catch (error) {
      this.#parts.log.error("whether a terminal may go on could not be read; it is ended", { hen: id, error });
      await terminal.end("the daemon could not read its hen");
    }
  }

  /** Ends all of them and takes no more. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearInterval(this.#idle);
    this.#unsubscribe();
    await Promise.allSettled(this.#opening.values());
    await Promise.all(Array.from(this.#live.values(), (terminal) => terminal.end("the daemon is stopping")));
    await this.#parts.liveList.settled();
  }

  async #requireLive(id: HenId): Promise<Terminal> {
    const terminal = this.#live.get(id) ?? (await this.#opening.get(id));
    if (terminal !== undefined) return terminal;
    await readHen(this.#parts.store, id);
    throw new CoopError("not_found", `${id} has no live terminal to watch`, {
      next: `Open one: coop shell ${id}`,
      details: { hen_id: id },
    });
  }

  /** Hatches or wakes the hen where it must be. */
  async #bringUp(id: HenId): Promise<Hen> {
    const { store, processes, life } = this.#parts;
    for (let race = 1; ; race += 1) {
      const hen = await readHen(store, id);
      const { moves } = admit({ action: "terminal", hen, walls: processes.walls });
      if (moves.length === 0) return hen;
      try {
        await (moves.includes("HATCHING") ? life.hatch(id) : life.wake(id));
      } catch (error) {
        if (!isLostRace(error) || race >= RACES_MAX) throw error;
      }
    }
  }

  async #start(hen: Hen, size: TerminalSize): Promise<Terminal> {
    const { store, clock, log, liveList, processes } = this.#parts;
    if (this.#isClosed) throw new CoopError("shutting_down", "the daemon is stopping; no terminal is opened any more");
    if (this.#live.size + this.#opening.size >= TERMINALS_MAX) {
      throw new CoopError("limit_reached", `${TERMINALS_MAX} terminals are live; a farm has no more`, {
        next: "End one: coop terminals shows them.",
      });
    }
    const program = agentProgramOf(hen.manifest);
    const terminal = await Terminal.open({
      henId: hen.id,
      kind: hen.manifest.agent_kind,
      program,
      leaseId: leaseIdOf(hen.lease),
      launch: async (now, signal) => {
        const current = await readHen(store, hen.id); // an agent that starts again does so under the manifest of then
        const env = { PATH: terminalPathOf(current.manifest) };
        return processes.openTerminal(current, { argv: toArgv(program), env, size: now, signal });
      },
      turn: this.#turn,
      clock,
      size,
      notice: liveList.takeLost(hen.id),
    });
    this.#live.set(hen.id, terminal);
    liveList.opened(hen.id);
    this.#parts.tell({ type: "terminal_changed", hen_id: hen.id, is_live: true });
    log.info("terminal opened", { hen: hen.id, command: program.argv[0] });
    void terminal.done.then((end) => {
      this.#live.delete(hen.id);
      this.#parts.tell({ type: "terminal_changed", hen_id: hen.id, is_live: false });
      if (!this.#isClosed) liveList.ended(hen.id); // the next daemon tells of those that this one took with it
      log.info("terminal ended", {
        hen: hen.id,
        ...(end.type === "exit" ? { code: end.code } : { reason: end.message }),
      });
      for (const listener of this.#ended) listener(hen.id, terminal);
    });
    await this.#againReconciled(hen.id, terminal);
    return terminal;
  }

  /** The hen may have gone to sleep between its admission and the start. */
  async #againReconciled(id: HenId, terminal: Terminal): Promise<void> {
    const reason = reasonToEnd(await this.#parts.store.hen(id), terminal);
    if (reason !== undefined) await terminal.end(reason);
  }

  #endIdle(): void {
    const lastMs = this.#parts.clock.nowMs() - this.#parts.idleSecs * 1_000;
    for (const terminal of this.#live.values()) {
      if (terminal.activeMs < lastMs) void terminal.end(`nobody used it for ${this.#parts.idleSecs} s`);
    }
  }
}

const ASLEEP: readonly string[] = ["SLEEPING", "DORMANT", "ARCHIVED", "DEFINED"];

function reasonToEnd(hen: Hen | undefined, { leaseId }: Terminal): string | undefined {
  if (hen === undefined) return "the hen was deleted";
  if (ASLEEP.includes(hen.state)) return `the hen is ${hen.state}`;
  if (leaseIdOf(hen.lease) !== leaseId) return leaseId === null ? "the hen was leased" : "the lease ended";
  return undefined;
}
