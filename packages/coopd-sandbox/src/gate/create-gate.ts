import { type Clock, CoopError, type EgressRecord, type HenId, type NetworkSpec } from "coopd-core";
import { createDial, type Dial } from "../dial/dial.ts";
import { createDesk, type Desk } from "./desk.ts";
import type { Door } from "./door.ts";
import type { Gate, GateSeat } from "./gate.ts";
import { createLedger, type Ledger } from "./ledger.ts";
import { GATE_LIMITS, type GateLimits } from "./limits.ts";
import { type OpenSeat, openSeat } from "./seat.ts";

/** What a gate is made of. */
export interface GateParts {
  /** Called for every line of an egress log; must not throw and must not take long. */
  readonly record: (record: EgressRecord) => void;
  readonly clock: Clock;
  readonly dial?: Dial;
  readonly limits?: Partial<GateLimits>;
}

/** Opens the gate; `close` cuts everything and lets its timers go. */
export function createGate(parts: GateParts): Gate {
  return new OneGate(parts);
}

const CLOSED = () => new CoopError("shutting_down", "the gate is closed; nothing leaves any more");
/** Some take one turn, some two. */
const CLOSE_TURNS_MAX = 100;

class OneGate implements Gate {
  readonly #limits: GateLimits;
  readonly #clock: Clock;
  readonly #dial: Dial;
  readonly #ledger: Ledger;
  readonly #desks = new Map<HenId, Desk>();
  readonly #seats = new Map<HenId, OpenSeat>();
  #timer: ReturnType<typeof setInterval> | undefined;
  #isClosed = false;

  constructor({ record, clock, dial = createDial(), limits }: GateParts) {
    this.#limits = { ...GATE_LIMITS, ...limits };
    this.#clock = clock;
    this.#dial = dial;
    this.#ledger = createLedger(record, clock, this.#limits.logWindowMs);
  }

  readonly door: Door = {
    connect: async ({ henId, network, ...wish }, signal) => {
      const desk = this.#deskOf(henId, network);
      const way = await desk.open(wish, (opened) => void opened.resetAndDestroy(), signal, network);
      const { socket, host, address, verdict, meter } = way;
      if (this.#isClosed) {
        socket.on("error", () => {}).destroy();
        throw CLOSED();
      }
      return { socket, host, address, rule: verdict.rule, meter };
    },
  };

  seat({ henId, network, listeners }: Parameters<Gate["seat"]>[0]): GateSeat {
    this.#seats.get(henId)?.close();
    const desk = this.#deskOf(henId, network);
    desk.setNetwork(network);
    const seat: OpenSeat = openSeat({
      henId,
      desk,
      listeners,
      limits: this.#limits,
      clock: this.#clock,
      onClose: () => {
        if (this.#seats.get(henId) === seat) this.#seats.delete(henId);
      },
    });
    this.#seats.set(henId, seat);
    return seat;
  }

  setNetwork(henId: HenId, network: NetworkSpec | null): void {
    this.#desks.get(henId)?.setNetwork(network);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    for (const seat of [...this.#seats.values()]) seat.close();
    for (const desk of this.#desks.values()) desk.cutAll();
    clearInterval(this.#timer);
    // A socket tells of its end when the loop has turned; each such end is a record.
    for (let turn = 0; turn < CLOSE_TURNS_MAX && this.#hasWays(); turn += 1) await new Promise(setImmediate);
    this.#desks.clear();
    this.#ledger.close();
  }

  #hasWays(): boolean {
    return [...this.#desks.values()].some((desk) => desk.ways > 0);
  }

  #deskOf(henId: HenId, network: NetworkSpec | null): Desk {
    if (this.#isClosed) throw CLOSED();
    const found = this.#desks.get(henId);
    if (found !== undefined) return found;
    const parts = { henId, network, dial: this.#dial, ledger: this.#ledger, clock: this.#clock, limits: this.#limits };
    const desk = createDesk(parts);
    this.#desks.set(henId, desk);
    this.#timer ??= setInterval(() => this.#sweep(), this.#limits.sweepMs);
    return desk;
  }

  #sweep(): void {
    for (const seat of this.#seats.values()) seat.sweep();
    for (const [henId, desk] of this.#desks) {
      desk.tellOpen();
      if (desk.ways === 0 && !this.#seats.has(henId)) this.#desks.delete(henId);
    }
    this.#relieve();
    if (this.#desks.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** Whatever hens leave unread, the daemon does not grow beyond this. */
  #relieve(): void {
    const held = Array.from(this.#seats.values(), (seat) => ({ seat, bytes: seat.heldBytes() }));
    let total = held.reduce((sum, { bytes }) => sum + bytes, 0);
    while (total > this.#limits.heldBytesMax) {
      const most = held.reduce((a, b) => (b.bytes > a.bytes ? b : a));
      most.seat.cutLargest();
      const left = most.seat.heldBytes();
      if (left >= most.bytes) return;
      total -= most.bytes - left;
      most.bytes = left;
    }
  }
}
