import type { Socket } from "node:net";
import type { Clock, HenId } from "coopd-core";
import { type EgressRefusal, refusalOf } from "../dial/refusal.ts";
import type { Desk, Way } from "./desk.ts";
import type { FakeNames } from "./fake-names.ts";
import { createIntake, type Intake } from "./intake.ts";
import type { GateLimits } from "./limits.ts";
import { discard, type Pump, pump } from "./pump.ts";
import type { Wish } from "./way-book.ts";

/** What a connection comes with. */
export interface ClientParts {
  readonly henId: HenId;
  readonly desk: Desk;
  readonly names: FakeNames;
  readonly limits: GateLimits;
  readonly clock: Clock;
  /** At which it was caught, or the proxy's. */
  readonly port: number;
  /** Set when the hen makes too many of them: it is heard out and refused. */
  readonly overRate: EgressRefusal | undefined;
}

/** How a refusal is said in the client's protocol; null is a reset. */
export type Answer = (refusal: EgressRefusal) => Uint8Array | null;

/** One connection that a hen made to the gate, and the way that was opened for it. Ends when its socket closes. */
export interface Client extends ClientParts {
  readonly socket: Socket;
  readonly intake: Intake;
  /** Fired when the client is gone or cut. */
  readonly signal: AbortSignal;
  /** Something moved. */
  readonly touch: () => void;
  /** Carries bytes between the two sides. */
  carry(from: Socket, to: Socket, first?: Uint8Array): void;
  /** What it wanted is clear and let through: from now on only idleness ends it. */
  settle(): void;
  /** Asks the desk; null when that said no, which has been recorded and answered then. */
  open(wish: Wish, answer: Answer): Promise<Way | null>;
  /** Records and answers a refusal that needs no asking. */
  refuse(wish: Wish, refusal: EgressRefusal, answer: Answer): void;
  /** Says the last word, or resets, and gives up the way. */
  end(answer: Uint8Array | null): void;
  cut(): void;
  /** Cuts it when it is too slow or idle. */
  sweep(): void;
  /** Bytes that were read from one side and that the other has not taken. */
  heldBytes(): number;
}

/** Takes over a socket that was just accepted. */
export function createClient(socket: Socket, parts: ClientParts): Client {
  return new HenClient(socket, parts);
}

class HenClient implements Client {
  readonly henId: HenId;
  readonly desk: Desk;
  readonly names: FakeNames;
  readonly limits: GateLimits;
  readonly clock: Clock;
  readonly port: number;
  readonly overRate: EgressRefusal | undefined;
  readonly socket: Socket;
  readonly intake: Intake;
  readonly #gone = new AbortController();
  readonly #pumps: Pump[] = [];
  #server: Socket | undefined;
  #movedAt: number;
  #patienceMs: number;

  constructor(socket: Socket, { henId, desk, names, limits, clock, port, overRate }: ClientParts) {
    this.henId = henId;
    this.desk = desk;
    this.names = names;
    this.limits = limits;
    this.clock = clock;
    this.port = port;
    this.overRate = overRate;
    this.socket = socket;
    this.#movedAt = clock.nowMs();
    this.#patienceMs = limits.headMs;
    socket.setNoDelay(true);
    socket.on("error", () => {}); // its close says all
    socket.once("close", () => {
      this.#gone.abort(new Error("the hen closed the connection"));
      if (socket.readableEnded) this.#server?.destroy();
      else this.#server?.resetAndDestroy();
    });
    this.intake = createIntake(socket);
  }

  get signal(): AbortSignal {
    return this.#gone.signal;
  }

  readonly touch = (): void => {
    this.#movedAt = this.clock.nowMs();
  };

  carry(from: Socket, to: Socket, first?: Uint8Array): void {
    this.#pumps.push(pump(from, to, this.touch, first));
  }

  settle(): void {
    this.touch();
    this.#patienceMs = this.limits.idleMs;
  }

  cut(): void {
    if (!this.socket.destroyed) this.socket.resetAndDestroy();
    this.#server?.resetAndDestroy();
  }

  end(answer: Uint8Array | null): void {
    this.#server?.destroy();
    if (answer === null || this.socket.destroyed) {
      this.cut();
      return;
    }
    this.intake.release();
    this.socket.end(answer);
    discard(this.socket);
    this.#linger();
  }

  refuse(wish: Wish, refusal: EgressRefusal, answer: Answer): void {
    this.desk.refuse(wish, refusal);
    this.end(answer(refusal));
  }

  async open(wish: Wish, answer: Answer): Promise<Way | null> {
    if (this.overRate !== undefined) {
      this.refuse(wish, this.overRate, answer);
      return null;
    }
    const cut = (opened: Socket) => {
      this.cut();
      opened.resetAndDestroy();
    };
    try {
      const way = await this.desk.open(wish, cut, this.signal);
      this.#adopt(way.socket);
      if (!this.socket.destroyed) return way;
      way.socket.destroy();
    } catch (error) {
      const refusal = refusalOf(error);
      if (refusal === undefined) this.cut();
      else this.end(answer(refusal));
    }
    return null;
  }

  sweep(): void {
    if (this.clock.nowMs() - this.#movedAt > this.#patienceMs) this.cut();
  }

  heldBytes(): number {
    const held = this.#pumps.reduce((sum, one) => sum + one.heldBytes(), 0);
    return held + this.socket.writableLength + (this.#server?.writableLength ?? 0);
  }

  #adopt(server: Socket): void {
    this.#server = server;
    let hasFailed = false;
    server.on("error", () => {
      hasFailed = true;
    });
    server.once("close", () => {
      if (hasFailed || !server.readableEnded) this.cut();
      else this.#linger();
    });
  }

  /** One side has gone: the other gets what is under way, and a little time. */
  #linger(): void {
    this.touch();
    this.#patienceMs = Math.min(this.#patienceMs, this.limits.lingerMs);
  }
}
