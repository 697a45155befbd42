import type { FarmEvent, Store, WatchNotice } from "coopd-core";
import { type EventBus, type SpreadEvent, toWatchLine } from "./bus.ts";
import { type EventFilter, passes } from "./event-filter.ts";

/** The part of a WebSocket that a watcher needs. */
export interface WatchSocket {
  send(line: string): unknown;
  /** Runs `work`, whose sends then leave in one write instead of one each. */
  together(work: () => void): void;
  bufferedBytes(): number;
  close(code: number, reason: string): void;
}

/** A socket that has this much unsent is left alone until it drains; 256 KiB are some 1,300 events. */
const BUFFERED_BYTES_MAX = 262_144;
/** Rows read at a time while a watcher catches up. */
const REPLAY_ROWS = 500;
/** A slow socket further behind than this jumps over the rest with a gap marker: it would never catch up. */
const BEHIND_ROWS_MAX = 10_000;

/**
 * One `/watch` client. It follows the bus while it keeps up; when its socket fills it stops, and once drained reads what
 * it missed from the store, so that a slow client loses nothing or is told what it lost. Never silence (weaknesses B11).
 */
export class Watcher {
  private sent: number;
  private isLive: boolean;
  private isReading = false;
  private isClosed = false;
  /** To be said before anything else. */
  private gap: WatchNotice | undefined;
  private readonly unlisten: () => void;
  private readonly socket: WatchSocket;
  private readonly store: Store;
  private readonly bus: EventBus;
  private readonly filter: EventFilter | undefined;

  /** `since` undefined: from now on, as the original; `filter` undefined: everything. Whoever opens it closes it. */
  constructor(socket: WatchSocket, store: Store, bus: EventBus, since: number | undefined, filter?: EventFilter) {
    this.filter = filter;
    this.socket = socket;
    this.store = store;
    this.bus = bus;
    const newest = bus.lastSeq();
    this.sent = Math.min(since ?? newest, newest);
    this.isLive = this.sent === newest;
    // Whoever was further than this farm ever was knows another one, as before a restore: waiting for that number were silence.
    if (since !== undefined && since > newest) this.gap = { type: "gap", from: since + 1, to: newest, reason: "reset" };
    this.unlisten = bus.listen((events) => {
      if (!this.isLive) return;
      socket.together(() => {
        for (const event of events) this.follow(event);
      });
    });
  }

  /** Reads from the store until the bus is reached; called after opening and whenever the socket has drained. */
  async catchUp(): Promise<void> {
    if (this.gap !== undefined) this.notify(this.gap);
    this.gap = undefined;
    if (this.isLive || this.isReading || this.isClosed) return;
    this.isReading = true;
    try {
      await this.skipWhatIsGone();
      while (!this.isClosed && this.sent < this.bus.lastSeq()) {
        if (this.socket.bufferedBytes() > BUFFERED_BYTES_MAX) return; // goes on at the next drain
        const events = await this.store.events(this.sent, REPLAY_ROWS);
        if (events.length === 0) break;
        this.socket.together(() => {
          for (const event of events) if (this.isWanted(event)) this.socket.send(toWatchLine(event));
        });
        this.sent = events.at(-1)?.seq ?? this.sent;
      }
      this.isLive = true;
    } catch {
      this.socket.close(1011, "the event log could not be read");
    } finally {
      this.isReading = false;
    }
  }

  notify(notice: WatchNotice): void {
    if (!this.isClosed && this.isWanted(notice)) this.socket.send(JSON.stringify(notice));
  }

  close(): void {
    this.isClosed = true;
    this.unlisten();
  }

  private follow({ event, line }: SpreadEvent): void {
    if (!this.isLive) return;
    const isFull = this.socket.bufferedBytes() > BUFFERED_BYTES_MAX;
    if (!("seq" in event)) {
      if (!isFull && this.isWanted(event)) this.socket.send(line);
      return;
    }
    if (event.seq <= this.sent) return;
    if (isFull) {
      this.isLive = false;
      return;
    }
    this.sent = event.seq;
    if (this.isWanted(event)) this.socket.send(line);
  }

  private isWanted(event: FarmEvent | WatchNotice): boolean {
    return this.filter === undefined || passes(this.filter, event);
  }

  private async skipWhatIsGone(): Promise<void> {
    const first = await this.store.firstEventSeq();
    if (this.sent + 1 < first) {
      this.notify({ type: "gap", from: this.sent + 1, to: first - 1, reason: "pruned" });
      this.sent = first - 1;
    }
    const behind = this.bus.lastSeq() - this.sent;
    if (behind > BEHIND_ROWS_MAX) {
      const to = this.bus.lastSeq();
      this.notify({ type: "gap", from: this.sent + 1, to, reason: "slow" });
      this.sent = to;
    }
  }
}
