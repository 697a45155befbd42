import { signal } from "@preact/signals";
import type { TerminalEnding, TerminalLink } from "coop-client";
import { CoopError, type ShellNotice } from "coopd-core";
import { toTrouble } from "../data/act.ts";
import { client } from "../data/client.ts";
import { onFarmItem } from "../data/follow-farm.ts";
import { loginIfEnded } from "../data/login.ts";
import { openRetries, type Retries } from "./retries.ts";
import type { Screen, ScreenSize } from "./screen.ts";

/**
 * How a page stands to a terminal. `none`: the hen has no live one. `lost`: the line broke, and is tried again by itself. `ended`:
 * what it showed last is still there.
 */
export type SessionState =
  | { readonly kind: "opening" | "live" | "none" }
  | { readonly kind: "lost"; readonly reason: string }
  | { readonly kind: "ended"; readonly reason: string; readonly isFault: boolean };

/** Who is attached to the terminal, this page included. */
export interface Company {
  readonly count: number;
  readonly writers: number;
  /** The size is this page's. */
  readonly isWriter: boolean;
}

/** The most that goes into one frame, bytes; the daemon takes 256 KiB. */
const FRAME_BYTES_MAX = 128 * 1024;
/** The screen is emptied and what the daemon keeps of it is painted: one step, so that nothing flickers. */
const CLEAR = new TextEncoder().encode("\u001bc");
/** Where nothing is drawn yet. */
const SIZE_DEFAULT: ScreenSize = { cols: 80, rows: 24 };

/** One page's side of one hen's terminal: it attaches, follows, comes back after a loss. Whoever opens it closes it. */
export class TerminalSession {
  readonly state = signal<SessionState>({ kind: "opening" });
  readonly company = signal<Company | undefined>(undefined);
  readonly size = signal<ScreenSize | undefined>(undefined);
  /** Whether what is typed here goes to the program. */
  readonly hasKeys = signal(false);
  readonly #henId: string;
  readonly #screen: Screen;
  readonly #retries: Retries;
  readonly #stopListening: () => void;
  #link: TerminalLink | undefined;
  /** It has asked to be attached and was not answered yet. */
  #isAsking = false;
  /** Counts attachments: what an older one still does is nobody's business. */
  #turn = 0;

  constructor(henId: string, screen: Screen) {
    this.#henId = henId;
    this.#screen = screen;
    this.#retries = openRetries(() => void this.#comeBack());
    this.#stopListening = this.#listen();
    screen.setKeys(false);
    void this.#comeBack();
  }

  /** Attaches with keys; opens the terminal where there is none. */
  takeKeys(): Promise<void> {
    return this.#attach(true);
  }

  /** From now on it only watches. */
  async leaveKeys(): Promise<void> {
    if (this.state.peek().kind === "live") return this.#attach(false);
    this.#setKeys(false);
  }

  /** Types. While the line is lost nothing is taken, and the page says so. */
  type(bytes: Uint8Array): void {
    if (!this.hasKeys.peek() || this.state.peek().kind !== "live") return;
    for (let from = 0; from < bytes.length; from += FRAME_BYTES_MAX) {
      this.#link?.type(bytes.subarray(from, from + FRAME_BYTES_MAX));
    }
  }

  /** The place has another size, or the letters have: asks for what fits, or makes what is fit. */
  refit(): void {
    const room = this.#screen.fitting();
    const size = this.size.peek();
    if (room !== undefined && this.hasKeys.peek()) this.#link?.resize(room.cols, room.rows);
    if (size !== undefined) this.#screen.adopt(size);
  }

  close(): void {
    this.#turn += 1;
    this.#stopListening();
    this.#retries.stop();
    this.#link?.close();
    this.#screen.close();
  }

  #listen(): () => void {
    const lost = () => this.#lose("this browser is offline");
    const back = () => this.#retries.now();
    addEventListener("offline", lost);
    addEventListener("online", back);
    const stop = onFarmItem((item) => {
      if (item.type === "link_opened") back();
      const begins = item.type === "terminal_changed" && item.is_live && item.hen_id === this.#henId;
      if (begins && this.#link === undefined && !this.#isAsking) void this.#attach(this.hasKeys.peek());
    });
    return () => {
      removeEventListener("offline", lost);
      removeEventListener("online", back);
      stop();
    };
  }

  /** Attaches to a terminal that is live, and never opens one: a new one instead of a lost one is for a person to ask for. */
  async #comeBack(): Promise<void> {
    const turn = this.#turn;
    try {
      const isLive = (await client.terminals.list()).some(({ hen_id: id }) => id === this.#henId);
      if (turn !== this.#turn) return;
      if (isLive) return await this.#attach(this.hasKeys.peek());
      this.#setKeys(false);
      this.#retries.stop();
      this.state.value =
        this.state.peek().kind === "lost"
          ? { kind: "ended", reason: "It ended while the line was lost.", isFault: false }
          : { kind: "none" };
    } catch (error) {
      if (turn === this.#turn) this.#fail(error);
    }
  }

  async #attach(withKeys: boolean): Promise<void> {
    this.#turn += 1;
    const turn = this.#turn;
    this.#isAsking = true;
    this.#link?.close();
    this.#link = undefined;
    this.#retries.stop();
    const { cols, rows } = this.#screen.fitting() ?? SIZE_DEFAULT;
    const onNotice = (notice: ShellNotice) => {
      if (turn === this.#turn) this.#told(notice);
    };
    try {
      const link = await client.terminals.attach(this.#henId, { cols, rows, isReadOnly: !withKeys, onNotice });
      if (turn !== this.#turn) return link.close();
      this.#link = link;
      void this.#follow(link, turn);
    } catch (error) {
      if (turn === this.#turn) this.#fail(error);
    }
  }

  #told(notice: ShellNotice): void {
    switch (notice.type) {
      case "attached":
        this.#isAsking = false;
        this.#retries.succeeded();
        this.state.value = { kind: "live" };
        this.#setKeys(!notice.read_only);
        this.#takeSize(notice);
        return;
      case "size":
        this.#takeSize(notice);
        return;
      case "viewers":
        this.company.value = { count: notice.count, writers: notice.writers, isWriter: notice.is_writer };
    }
  }

  #takeSize({ cols, rows }: ScreenSize): void {
    this.size.value = { cols, rows };
    this.#screen.adopt({ cols, rows });
  }

  async #follow(link: TerminalLink, turn: number): Promise<void> {
    let isFirst = true;
    for await (const bytes of link.output()) {
      if (turn !== this.#turn) return;
      if (isFirst) void this.#screen.write(CLEAR);
      isFirst = false;
      await this.#screen.write(bytes);
    }
    if (turn === this.#turn && link.ending !== undefined) this.#over(link.ending);
  }

  #over(ending: TerminalEnding): void {
    this.#link = undefined;
    this.#isAsking = false;
    this.company.value = undefined;
    if (ending.kind === "lost") {
      this.#lose(ending.message);
      return;
    }
    this.#setKeys(false);
    if (ending.kind === "exit") {
      const reason = ending.code === 0 ? "Its program ended." : `Its program ended with code ${ending.code}.`;
      this.state.value = { kind: "ended", reason, isFault: ending.code !== 0 };
    }
    if (ending.kind === "error") this.state.value = { kind: "ended", reason: ending.message, isFault: true };
  }

  #lose(reason: string): void {
    if (this.state.peek().kind !== "live" && this.state.peek().kind !== "lost") return;
    this.#turn += 1;
    this.#link?.close();
    this.#link = undefined;
    this.company.value = undefined;
    this.state.value = { kind: "lost", reason };
    this.#screen.setKeys(false);
    this.#retries.soon();
  }

  #fail(error: unknown): void {
    loginIfEnded(error);
    const { what } = toTrouble(error);
    this.#isAsking = false;
    const isPassing = error instanceof CoopError && PASSING.includes(error.code);
    if (isPassing) {
      this.state.value = { kind: "lost", reason: what };
      this.#retries.soon();
    } else {
      this.#setKeys(false);
      this.state.value = { kind: "ended", reason: what, isFault: true };
    }
  }

  #setKeys(areTaken: boolean): void {
    this.hasKeys.value = areTaken;
    this.#screen.setKeys(areTaken);
  }
}

/** Failures that another try may not meet. */
const PASSING: readonly string[] = ["unreachable", "timeout", "bad_answer", "not_ready", "shutting_down"];
