import { setTimeout as delay } from "node:timers/promises";
import { CoopError, type TaskId, type TerminalView, toCoopError, toInstant } from "coopd-core";
import { type ConfinedTerminal, type TerminalSize, toTerminalSize } from "coopd-sandbox";
import { createOutputBacklog, type OutputBacklog } from "./output-backlog.ts";
import { createOutputSieve } from "./output-sieve.ts";
import { liveOut } from "./program-life.ts";
import { openScreen, type Screen } from "./screen.ts";
import type { TerminalEnd, TerminalParts } from "./terminal-parts.ts";
import type { Viewer } from "./viewer.ts";
import { Viewers } from "./viewers.ts";

/** Typed and not yet read by the program; a paste has some hundred KiB, and whoever reads nothing gets no more. */
const UNREAD_BYTES_MAX = 1024 * 1024;
/** Answers of the screen wait no further than this: a program that asks and never reads is left without. */
const ANSWERS_BYTES_MAX = 4096;
/** A piece of output; the screen needs some 4 ms for it, and others come in between. */
const PIECE_BYTES = 32 * 1024;
/** Sizes come this far apart, ms: every one of them makes each program draw anew. */
const RESIZE_MS = 40;
/** Modes that a dead program may have left on: other screen, mouse, paste, keys, hidden cursor (xterm ctlseqs). */
const SOFT_RESET = "\u001b[?1049l\u001b[!p\u001b[?25h\u001b[?1000;1002;1003;1004;1006;2004l\u001b[0m";

/** Who wants to know what a terminal's program does. */
export interface TerminalFollower {
  /** What viewers see, as it comes. */
  output(bytes: Uint8Array): void;
  /** The program has ended; an agent may be started again. */
  died(): void;
}

/** One hen's terminal: a program, its screen, and who watches. It outlives its viewers and ends with its program. */
export class Terminal {
  readonly #parts: TerminalParts;
  readonly #screen: Screen;
  readonly #viewers = new Viewers();
  readonly #stop = new AbortController();
  readonly #startedMs: number;
  readonly #followers = new Set<TerminalFollower>();
  #program: ConfinedTerminal | undefined;
  #size: TerminalSize;
  #lane: Promise<unknown> = Promise.resolve();
  #sizing: ReturnType<typeof setTimeout> | undefined;
  #unreadBytes = 0;
  #launches = 0;
  #activeMs: number;
  /** Of the program that runs now; undefined before its first output. */
  #spokeMs: number | undefined;
  #end: TerminalEnd | undefined;
  #reason: string | undefined;
  /** The task that was typed into it last and is not done. */
  taskId: TaskId | null = null;
  /** Resolves with how it ended, when nothing of it runs any more. */
  readonly done: Promise<TerminalEnd>;

  private constructor(parts: TerminalParts, screen: Screen, started: PromiseWithResolvers<void>) {
    this.#parts = parts;
    this.#screen = screen;
    this.#size = parts.size;
    this.#startedMs = parts.clock.nowMs();
    this.#activeMs = this.#startedMs;
    this.done = this.#live(started);
  }

  /** Resolves when its program has been started. @throws CoopError what `openTerminal` throws */
  static async open(parts: TerminalParts): Promise<Terminal> {
    const answers = { to: (_text: string) => {} };
    const screen = await openScreen(parts.size, (text) => answers.to(text));
    const started = Promise.withResolvers<void>();
    const terminal = new Terminal(parts, screen, started);
    answers.to = (text) => terminal.#answer(text);
    await started.promise;
    return terminal;
  }

  get leaseId(): string | null {
    return this.#parts.leaseId;
  }

  get activeMs(): number {
    return this.#activeMs;
  }

  get modes(): Pick<Screen, "hasBracketedPaste" | "isApplicationCursor"> {
    return this.#screen;
  }

  /** Shows the terminal as it is to a new viewer, and everything from then on. @throws CoopError `too_many_watchers` */
  async attach(viewer: Viewer, size: TerminalSize | undefined): Promise<void> {
    await this.#exclusive(() => {
      if (this.#end !== undefined) return viewer.finish(this.#end);
      this.#viewers.add(viewer);
      if (size !== undefined) viewer.size = toTerminalSize(size);
      if (this.#viewers.writer === viewer) this.#takeSize(viewer);
      const { cols, rows } = this.#size;
      viewer.tell({ type: "attached", read_only: viewer.isReadOnly, cols, rows });
      this.#viewers.announce();
      viewer.output(this.#screen.snapshot());
    });
  }

  leave(viewer: Viewer): void {
    this.#viewers.remove(viewer);
    this.#followWriter();
  }

  detachWhere(isMeant: (credentialId: string | undefined) => boolean, reason: string): void {
    this.#viewers.detachWhere(isMeant, reason);
    this.#followWriter();
  }

  /** The viewer drained, or acked. */
  stirred(viewer: Viewer): void {
    this.#viewers.stir();
    if (viewer.isBehind && viewer.isFree) void this.#exclusive(() => this.#catchUp());
  }

  /** @throws CoopError `policy_denied` for a viewer that only watches, `limit_reached` */
  typed(viewer: Viewer, bytes: Uint8Array): void {
    if (viewer.isReadOnly) throw new CoopError("policy_denied", "this viewer only watches");
    this.#viewers.typed(viewer);
    this.#followWriter();
    void this.input(bytes);
  }

  resize(viewer: Viewer, size: TerminalSize): void {
    viewer.size = toTerminalSize(size);
    this.#followWriter();
  }

  /** Types; nothing happens while no program runs. @throws CoopError `limit_reached` when the program does not read */
  input(bytes: Uint8Array): Promise<void> {
    const program = this.#program;
    if (program === undefined || bytes.length === 0) return Promise.resolve();
    if (this.#unreadBytes + bytes.length > UNREAD_BYTES_MAX) {
      throw new CoopError("limit_reached", "the program does not read what is typed; some of it was not taken", {
        next: "Wait for it, or end it with Ctrl-C.",
      });
    }
    this.#activeMs = this.#parts.clock.nowMs();
    this.#unreadBytes += bytes.length;
    return program
      .write(bytes)
      .catch((error) => void this.end(toCoopError(error).message))
      .finally(() => {
        this.#unreadBytes -= bytes.length;
      });
  }

  /** Resolves when the program has drawn something and then nothing for `quietMs`, or after `maxMs` in any case. */
  async settled(quietMs: number, maxMs: number): Promise<void> {
    const deadlineMs = performance.now() + maxMs;
    for (;;) {
      const nowMs = performance.now();
      const quietAtMs = this.#spokeMs === undefined ? deadlineMs : this.#spokeMs + quietMs;
      const waitMs = Math.min(quietAtMs, deadlineMs) - nowMs;
      if (this.#end !== undefined || waitMs <= 0) return;
      await delay(Math.min(waitMs, quietMs));
    }
  }

  /** Returns the way to stop. */
  follow(follower: TerminalFollower): () => void {
    this.#followers.add(follower);
    return () => this.#followers.delete(follower);
  }

  /** Kills everything in it and tells its viewers why; resolves when nothing of it runs any more. */
  async end(reason: string): Promise<void> {
    this.#reason ??= reason;
    this.#stop.abort();
    await this.done;
  }

  view(): TerminalView {
    const { henId, kind, program } = this.#parts;
    return {
      hen_id: henId,
      kind,
      command: program.argv,
      started_at: toInstant(this.#startedMs),
      active_at: toInstant(this.#activeMs),
      launches: this.#launches,
      ...this.#size,
      task_id: this.taskId,
      viewers: this.#viewers.view(),
    };
  }

  async #live(started: PromiseWithResolvers<void>): Promise<TerminalEnd> {
    const { launch, program, notice } = this.#parts;
    try {
      if (notice !== undefined) await this.#say(notice);
      const code = await liveOut({
        launch,
        program,
        signal: this.#stop.signal,
        size: () => this.#size,
        running: (running) => {
          this.#program = running;
          this.#spokeMs = undefined;
          if (running !== undefined) this.#launches += 1;
          else for (const follower of this.#followers) follower.died();
          started.resolve();
        },
        pump: (running) => this.#pump(running),
        say: (line) => this.#say(line),
      });
      return await this.#finish({ type: "exit", code });
    } catch (thrown) {
      const error = toCoopError(thrown, "sandbox_failed");
      started.reject(error);
      return await this.#finish({ type: "error", message: this.#reason ?? error.message });
    }
  }

  async #finish(end: TerminalEnd): Promise<TerminalEnd> {
    this.#stop.abort();
    clearTimeout(this.#sizing);
    await this.#exclusive(() => {
      this.#end = end;
      this.#viewers.finish(end);
      this.#screen.close();
    });
    return end;
  }

  async #pump(program: ConfinedTerminal): Promise<void> {
    const sieve = createOutputSieve(() => Math.max(this.#size.cols, this.#size.rows));
    const backlog = createOutputBacklog();
    const reading = this.#read(program, backlog);
    for (;;) {
      const piece = await backlog.take(PIECE_BYTES);
      if (piece === undefined) return reading;
      await this.#parts.turn();
      await this.#show(sieve.push(piece));
    }
  }

  async #read(program: ConfinedTerminal, backlog: OutputBacklog): Promise<void> {
    try {
      for (;;) {
        await Promise.all([this.#viewers.room(), backlog.room()]);
        const bytes = await program.read();
        if (bytes === undefined) return;
        backlog.add(bytes);
        this.#activeMs = this.#parts.clock.nowMs();
        this.#spokeMs = performance.now();
      }
    } finally {
      backlog.end();
    }
  }

  #show({ screen, viewers }: { readonly screen: Uint8Array; readonly viewers: Uint8Array }): Promise<void> {
    return this.#exclusive(async () => {
      await this.#screen.write(screen);
      this.#viewers.output(viewers);
      this.#catchUp();
      for (const follower of this.#followers) follower.output(viewers);
    });
  }

  #say(line: string): Promise<void> {
    const bytes = new TextEncoder().encode(`${SOFT_RESET}\r\n[coop] ${line}\r\n`);
    return this.#show({ screen: bytes, viewers: bytes });
  }

  #catchUp(): void {
    for (const viewer of this.#viewers.recovered()) {
      viewer.isBehind = false;
      viewer.output(new TextEncoder().encode("\u001bc"));
      viewer.output(this.#screen.snapshot());
    }
  }

  #answer(text: string): void {
    if (this.#unreadBytes < ANSWERS_BYTES_MAX) void this.input(new TextEncoder().encode(text));
  }

  /** The writer's size wins; it is taken a moment later, with the last one when several come. */
  #followWriter(): void {
    const size = this.#viewers.writer?.size;
    if (size === undefined || this.#end !== undefined) return;
    if (size.cols === this.#size.cols && size.rows === this.#size.rows) return;
    this.#sizing ??= setTimeout(() => {
      this.#sizing = undefined;
      const { writer } = this.#viewers;
      if (writer !== undefined && this.#end === undefined) void this.#exclusive(() => this.#takeSize(writer));
    }, RESIZE_MS);
  }

  #takeSize({ size }: Viewer): void {
    if (size === undefined || this.#end !== undefined) return;
    if (size.cols === this.#size.cols && size.rows === this.#size.rows) return;
    this.#size = size;
    this.#screen.resize(size);
    this.#program?.resize(size);
    this.#viewers.resized(size);
  }

  /** One after the other: a viewer joins between two pieces of output, never in the middle of one. */
  #exclusive<T>(work: () => T | Promise<T>): Promise<T> {
    const result = this.#lane.then(work);
    this.#lane = result.catch(() => undefined);
    return result;
  }
}
