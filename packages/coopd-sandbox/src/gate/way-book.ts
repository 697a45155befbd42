import type { Socket } from "node:net";
import { type Clock, type EgressAllowed, type EgressVia, type HenId, showHost } from "coopd-core";
import type { EgressRefusal } from "../dial/refusal.ts";
import type { Ledger } from "./ledger.ts";

/** What wants out. */
export interface Wish {
  readonly via: EgressVia;
  /** As asked. */
  readonly host: string;
  readonly port: number;
  readonly method?: string;
  /** Without the query. */
  readonly path?: string;
}

/** A way that is open, as its hen's book has it. */
export interface OpenWay {
  wish: Wish;
  verdict: EgressAllowed;
  /** Refused after all: it is not told as one that was let out. */
  isRefused: boolean;
  readonly socket: Socket;
  readonly address: string;
  /** Counts what is written where the socket does not: under Bun one beneath TLS counts only what it reads. */
  meter?: { readonly bytesWritten: number };
  /** Closes both sides at once. */
  readonly cut: (socket: Socket) => void;
}

/** The ways of one hen, and what is told of them. */
export interface WayBook {
  readonly size: number;
  /** Until its socket closes; then it is told of. */
  add(way: Omit<OpenWay, "isRefused">): OpenWay;
  all(): readonly OpenWay[];
  /** Tells what moved on ways that have been open for long. */
  tellOpen(): void;
  tellRefused(wish: Wish, refusal: EgressRefusal): void;
}

/** A way that is open for this long is told of before it ends, and once a minute from then on. */
const TOLD_AFTER_MS = 10_000;
const TOLD_EVERY_MS = 60_000;

interface Told {
  readonly at: number;
  readonly count: 0 | 1;
  readonly up: number;
  readonly down: number;
}

/** Opens a book; nothing to close but its ways. */
export function createWayBook(henId: HenId, ledger: Ledger, clock: Clock): WayBook {
  const ways = new Map<OpenWay, Told>();

  function tell(way: OpenWay, told: Told): void {
    const { wish, verdict, address } = way;
    const { up, down } = movedOn(way);
    if (ways.has(way)) ways.set(way, { at: clock.nowMs(), count: 1, up, down });
    ledger.note({
      ...describe(henId, wish),
      verdict: "allowed",
      code: null,
      rule: verdict.rule,
      reason: null,
      allow: null,
      address,
      bytes_up: up - told.up,
      bytes_down: down - told.down,
      count: 1 - told.count,
    });
  }

  return {
    get size() {
      return ways.size;
    },
    add(parts) {
      const way: OpenWay = { ...parts, isRefused: false };
      const { socket } = way;
      ways.set(way, { at: clock.nowMs(), count: 0, up: 0, down: 0 });
      socket.once("close", () => {
        const told = ways.get(way);
        ways.delete(way);
        if (told === undefined || !isNews(way, told)) return;
        const isTold = way.isRefused && movedOn(way).up === 0; // refused before a byte left
        if (!isTold) tell(way, told);
      });
      return way;
    },
    all: () => [...ways.keys()],
    tellOpen() {
      const now = clock.nowMs();
      for (const [way, told] of ways) {
        if (isNews(way, told) && now - told.at >= (told.count === 0 ? TOLD_AFTER_MS : TOLD_EVERY_MS)) tell(way, told);
      }
    },
    tellRefused(wish, { code, rule, reason, allow }) {
      const sums = { address: null, bytes_up: 0, bytes_down: 0, count: 1 };
      ledger.note({ ...describe(henId, wish), verdict: "denied", code, rule, reason, allow, ...sums });
    },
  };
}

function movedOn({ socket, meter }: OpenWay): { readonly up: number; readonly down: number } {
  return { up: socket.bytesWritten + (meter?.bytesWritten ?? 0), down: socket.bytesRead };
}

function isNews(way: OpenWay, { count, up, down }: Told): boolean {
  const now = movedOn(way);
  return count === 0 || now.up !== up || now.down !== down;
}

function describe(henId: HenId, { via, host, port, method, path }: Wish) {
  return {
    hen_id: henId,
    via,
    host: showHost(host),
    port,
    method: method ?? null,
    path: path?.slice(0, PATH_SHOWN_MAX) ?? null,
  };
}

/** A log line stays a line. */
const PATH_SHOWN_MAX = 256;
