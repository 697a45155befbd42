import type { Socket } from "node:net";
import { type Clock, decideEgress, type EgressAllowed, type HenId, type NetworkSpec } from "coopd-core";
import type { Dial } from "../dial/dial.ts";
import { type EgressRefusal, refusalOf, refuseEgress } from "../dial/refusal.ts";
import type { Ledger } from "./ledger.ts";
import type { GateLimits } from "./limits.ts";
import { createTurns, type Turns } from "./turns.ts";
import { createWayBook, type OpenWay, type WayBook, type Wish } from "./way-book.ts";

/** One way out, open. */
export interface Way {
  readonly socket: Socket;
  /** Canonical. */
  readonly host: string;
  readonly port: number;
  readonly address: string;
  readonly verdict: EgressAllowed;
  /** Decides again with what became known. A refusal is recorded; the caller answers and closes. */
  narrow(known: Partial<Wish>): EgressRefusal | null;
  /** Records that it is refused after all. */
  refuse(refusal: EgressRefusal): void;
  /** See `DoorSocket.meter`. */
  meter(secure: { readonly bytesWritten: number }): void;
}

/** Everything of one hen that leaves, by its seat or by its tools: decision, dial, count and record in one place. */
export interface Desk {
  readonly network: NetworkSpec | null;
  /** Ways that are open or being opened. */
  readonly ways: number;
  /** Cuts what the new policy would not allow. */
  setNetwork(network: NetworkSpec | null): void;
  /**
   * Opens a way; it ends when its socket closes. `also`: another policy that must allow it too. `cut` is called when it may
   * not stay any more.
   * @throws CoopError as `refuseEgress` makes them, recorded; `cancelled`
   */
  open(wish: Wish, cut: (socket: Socket) => void, signal: AbortSignal, also?: NetworkSpec | null): Promise<Way>;
  refuse(wish: Wish, refusal: EgressRefusal): void;
  tellOpen(): void;
  cutAll(): void;
}

/** What a desk is made of. */
export interface DeskParts {
  readonly henId: HenId;
  readonly network: NetworkSpec | null;
  readonly dial: Dial;
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly limits: GateLimits;
}

/** Opens a desk; `cutAll` closes it. */
export function createDesk(parts: DeskParts): Desk {
  return new HenDesk(parts);
}

class HenDesk implements Desk {
  readonly #dial: Dial;
  readonly #limits: GateLimits;
  readonly #book: WayBook;
  readonly #takeTurn: Turns;
  #network: NetworkSpec | null;
  #opening = 0;

  constructor({ henId, network, dial, ledger, clock, limits }: DeskParts) {
    this.#dial = dial;
    this.#limits = limits;
    this.#book = createWayBook(henId, ledger, clock);
    this.#takeTurn = createTurns(limits.dialsMax);
    this.#network = network;
  }

  get network(): NetworkSpec | null {
    return this.#network;
  }

  get ways(): number {
    return this.#book.size + this.#opening;
  }

  setNetwork(next: NetworkSpec | null): void {
    this.#network = next;
    for (const way of this.#book.all()) {
      const verdict = decideEgress(next, way.wish);
      const mayStay = verdict.verdict === "allowed" && (verdict.mayBePrivate || !way.verdict.mayBePrivate);
      if (mayStay) way.verdict = verdict;
      else way.cut(way.socket);
    }
  }

  async open(wish: Wish, cut: OpenWay["cut"], signal: AbortSignal, also?: NetworkSpec | null): Promise<Way> {
    this.#opening += 1;
    try {
      return await this.#reach(wish, cut, signal, also);
    } catch (error) {
      const refusal = refusalOf(error);
      if (refusal !== undefined) this.#book.tellRefused(wish, refusal);
      throw error;
    } finally {
      this.#opening -= 1;
    }
  }

  refuse(wish: Wish, refusal: EgressRefusal): void {
    this.#book.tellRefused(wish, refusal);
  }

  tellOpen(): void {
    this.#book.tellOpen();
  }

  cutAll(): void {
    for (const way of this.#book.all()) way.cut(way.socket);
  }

  async #reach(wish: Wish, cut: OpenWay["cut"], signal: AbortSignal, also?: NetworkSpec | null): Promise<Way> {
    if (this.ways > this.#limits.connectionsMax) throw refuseEgress(tooMany(this.#limits.connectionsMax));
    const verdict = decide(wish, this.#network, also);
    const target = { host: verdict.host, port: wish.port, mayBePrivate: verdict.mayBePrivate };
    const dialled = this.#takeTurn(() => this.#dial(target, signal), signal);
    const { socket, address } = await dialled.catch((error: unknown) => {
      throw withRule(error, verdict.rule);
    });
    try {
      // The policy may have changed meanwhile.
      const now = decide(wish, this.#network, also);
      if (verdict.mayBePrivate && !now.mayBePrivate) throw refuseEgress(privateNoMore(now));
      return this.#toWay(this.#book.add({ wish, verdict: now, socket, address, cut }));
    } catch (error) {
      socket.on("error", () => {}).destroy();
      throw error;
    }
  }

  #toWay(way: OpenWay): Way {
    const refuse = (refusal: EgressRefusal) => {
      way.isRefused = true;
      this.#book.tellRefused(way.wish, refusal);
    };
    const { socket, address, verdict } = way;
    return {
      socket,
      address,
      verdict,
      host: verdict.host,
      port: way.wish.port,
      refuse,
      meter(secure) {
        way.meter = secure;
      },
      narrow: (known) => {
        way.wish = { ...way.wish, ...known };
        const next = decideEgress(this.#network, way.wish);
        if (next.verdict === "denied") refuse(next);
        else way.verdict = next;
        return next.verdict === "denied" ? next : null;
      },
    };
  }
}

/** What both policies allow. @throws CoopError with what the stricter one says */
function decide(wish: Wish, network: NetworkSpec | null, also?: NetworkSpec | null): EgressAllowed {
  const verdict = decideEgress(network, wish);
  if (verdict.verdict === "denied") throw refuseEgress(verdict);
  if (also === undefined || also === network) return verdict;
  const other = decideEgress(also, wish);
  if (other.verdict === "denied") throw refuseEgress(other);
  return {
    ...other,
    mayBePrivate: verdict.mayBePrivate && other.mayBePrivate,
    isHttpOnly: verdict.isHttpOnly || other.isHttpOnly,
  };
}

/** The refusal of a dial, with the rule that had let it out. */
function withRule(error: unknown, rule: string): unknown {
  const refusal = refusalOf(error);
  return refusal === undefined ? error : refuseEgress({ ...refusal, rule: refusal.rule ?? rule }, error);
}

/** The gate holds no more of a hen's. */
export function tooMany(most: number): EgressRefusal {
  return { code: "quota", rule: null, reason: `more than ${most} connections at once`, allow: null };
}

function privateNoMore({ rule }: EgressAllowed): EgressRefusal {
  return { code: "private_address", rule, reason: "no rule opens this private host any more", allow: null };
}
