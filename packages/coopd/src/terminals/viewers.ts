import { CoopError, type ShellNotice, type TerminalViewer } from "coopd-core";
import type { TerminalSize } from "coopd-sandbox";
import type { Viewer } from "./viewer.ts";

/** Screens on which one terminal is shown; each may hold half a MiB unsent. */
const VIEWERS_MAX = 32;

/** How long a full viewer may make the program wait, ms: a page that is busy catches up, a laptop that sleeps does not. */
const PATIENCE_MS = 2_000;

/** Who watches one terminal, and whose size it has. */
export class Viewers {
  readonly #all = new Set<Viewer>();
  #writer: Viewer | undefined;
  #stir = Promise.withResolvers<void>();

  get writer(): Viewer | undefined {
    return this.#writer;
  }

  get count(): number {
    return this.#all.size;
  }

  /** @throws CoopError `too_many_watchers` */
  add(viewer: Viewer): void {
    if (this.#all.size >= VIEWERS_MAX) {
      throw new CoopError("too_many_watchers", `${VIEWERS_MAX} clients watch this terminal already`);
    }
    this.#all.add(viewer);
    if (!viewer.isReadOnly) this.#writer = viewer;
  }

  /** The one that typed last, or came last, is the writer; when it leaves, the newest that may type. */
  typed(viewer: Viewer): void {
    if (viewer.isReadOnly || viewer === this.#writer || !this.#all.has(viewer)) return;
    this.#writer = viewer;
    this.announce();
  }

  /** Tells everybody who is there. */
  announce(): void {
    const writers = [...this.#all].filter(({ isReadOnly }) => !isReadOnly).length;
    for (const viewer of this.#all) {
      viewer.tell({ type: "viewers", count: this.#all.size, writers, is_writer: viewer === this.#writer });
    }
  }

  remove(viewer: Viewer): void {
    viewer.leave();
    const wasThere = this.#all.delete(viewer);
    if (this.#writer === viewer) this.#writer = [...this.#all].filter((other) => !other.isReadOnly).at(-1);
    if (wasThere) this.announce();
    this.stir();
  }

  detachWhere(isMeant: (credentialId: string | undefined) => boolean, message: string): void {
    for (const viewer of [...this.#all].filter(({ credentialId }) => isMeant(credentialId))) {
      viewer.finish({ type: "error", message });
      this.remove(viewer);
    }
  }

  /** Something about a viewer has changed: it drained, acked or left. */
  stir(): void {
    this.#stir.resolve();
    this.#stir = Promise.withResolvers();
  }

  /**
   * Resolves when nobody is full. Whoever stays so for {@link PATIENCE_MS} is left behind until it is free again, so that
   * one viewer never stops a program, and no viewer is sent what it cannot hold.
   */
  async room(): Promise<void> {
    const full = () => [...this.#all].filter((viewer) => viewer.isFull && !viewer.isBehind);
    if (full().length === 0) return;
    const { promise: late, resolve } = Promise.withResolvers<true>();
    const timer = setTimeout(() => resolve(true), PATIENCE_MS);
    try {
      while (full().length > 0) {
        if ((await Promise.race([late, this.#stir.promise])) !== true) continue;
        for (const viewer of full()) viewer.isBehind = true;
        return;
      }
    } finally {
      clearTimeout(timer);
    }
  }

  output(bytes: Uint8Array): void {
    for (const viewer of this.#all) if (!viewer.isBehind) viewer.output(bytes);
  }

  /** Those that were left behind and are free again. */
  recovered(): readonly Viewer[] {
    return [...this.#all].filter((viewer) => viewer.isBehind && viewer.isFree);
  }

  resized({ cols, rows }: TerminalSize): void {
    for (const viewer of this.#all) viewer.tell({ type: "size", cols, rows });
  }

  /** The last frame for everybody. */
  finish(notice: ShellNotice): void {
    for (const viewer of this.#all) viewer.finish(notice);
    this.#all.clear();
    this.#writer = undefined;
    this.stir();
  }

  view(): readonly TerminalViewer[] {
    return Array.from(this.#all, (viewer) => ({
      since: viewer.since,
      read_only: viewer.isReadOnly,
      is_writer: viewer === this.#writer,
    }));
  }
}
