import type { JobProgress, Store } from "coopd-core";
import type { EventBus } from "./bus.ts";
import type { EventFilter } from "./event-filter.ts";
import { Watcher, type WatchSocket } from "./watcher.ts";

/** Each may hold BUFFERED_BYTES_MAX unsent, so this bounds them to about 1 GiB at the very worst. */
export const WATCHERS_MAX = 4_096;

/** What the desk needs. */
export interface WatchDeskParts {
  readonly store: Store;
  readonly bus: EventBus;
  /** How far the jobs are that run just now; told to a watcher when it comes. */
  readonly progress: () => readonly JobProgress[];
}

/** What a client of `/watch` asked for. */
export interface WatchWish {
  readonly since: number | undefined;
  readonly filter: EventFilter | undefined;
  /** Of whoever watches. */
  readonly credentialId: string | undefined;
}

/** Every client of `/watch`, by whichever protocol. */
export class WatchDesk {
  readonly #parts: WatchDeskParts;
  readonly #watchers = new Map<Watcher, { readonly socket: WatchSocket; readonly credentialId: string | undefined }>();

  constructor(parts: WatchDeskParts) {
    this.#parts = parts;
  }

  get size(): number {
    return this.#watchers.size;
  }

  /** True while one more may come in. */
  hasRoom(): boolean {
    return this.#watchers.size < WATCHERS_MAX;
  }

  /** Begins to tell; whoever opens it calls `leave` when the client is gone. */
  open(socket: WatchSocket, { since, filter, credentialId }: WatchWish): Watcher {
    const { store, bus, progress } = this.#parts;
    const watcher = new Watcher(socket, store, bus, since, filter);
    this.#watchers.set(watcher, { socket, credentialId });
    void watcher.catchUp().then(() => {
      for (const notice of progress()) watcher.notify(notice);
    });
    return watcher;
  }

  leave(watcher: Watcher): void {
    watcher.close();
    this.#watchers.delete(watcher);
  }

  /** Everybody is told that it ends; the connections are the server's to close. */
  sayGoodbye(): void {
    this.#parts.bus.flush();
    for (const watcher of this.#watchers.keys()) watcher.notify({ type: "shutting_down" });
  }

  /** Ends the streams of whoever was revoked, and of those that hold the server up when it stops. */
  closeWhere(isMeant: (credentialId: string | undefined) => boolean, reason: string): void {
    for (const [watcher, { socket, credentialId }] of this.#watchers) {
      if (!isMeant(credentialId)) continue;
      this.leave(watcher);
      socket.close(1008, reason);
    }
  }
}
