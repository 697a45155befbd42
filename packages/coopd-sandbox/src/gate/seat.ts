import type { Server, Socket } from "node:net";
import type { Clock, HenId, NetworkSpec } from "coopd-core";
import type { EgressRefusal } from "../dial/refusal.ts";
import { type Client, createClient } from "./client.ts";
import type { Desk } from "./desk.ts";
import { createFakeNames, type FakeNames } from "./fake-names.ts";
import type { GateSeat, HenListeners } from "./gate.ts";
import { createRate, type GateLimits } from "./limits.ts";
import { type NameServerParts, serveDatagrams, serveStreams } from "./name-server.ts";
import { serveProxy } from "./serve-proxy.ts";
import { serveTransparent } from "./serve-transparent.ts";
import { PROXY_PORT } from "./transparent-ports.ts";

/** A seat as the gate sees it. */
export interface OpenSeat extends GateSeat {
  readonly desk: Desk;
  /** Cuts what is too slow or idle, tells of what has been open for long. */
  sweep(): void;
  /** Bytes that were read and not taken yet. */
  heldBytes(): number;
  /** Cuts the connection that holds most of them. */
  cutLargest(): void;
}

/** What a seat is made of. */
export interface SeatParts {
  readonly henId: HenId;
  readonly desk: Desk;
  readonly listeners: HenListeners;
  readonly limits: GateLimits;
  readonly clock: Clock;
  /** Called once, when it is closed. */
  readonly onClose: () => void;
}

/** Seats a hen: takes what its listeners accept from now on. */
export function openSeat(parts: SeatParts): OpenSeat {
  return new HenSeat(parts);
}

type Serve = (client: Client) => Promise<void>;

class HenSeat implements OpenSeat {
  readonly desk: Desk;
  readonly #parts: SeatParts;
  readonly #names: FakeNames;
  readonly #mayConnect: () => boolean;
  readonly #nameServer: NameServerParts;
  readonly #clients = new Map<Client, Server>();
  /** How each listener that is served is closed. */
  readonly #served = new Map<Server, () => void>();
  #listeners: HenListeners;
  #isClosed = false;

  constructor(parts: SeatParts) {
    const { desk, listeners, limits, clock } = parts;
    const nowMs = () => clock.nowMs();
    this.desk = desk;
    this.#parts = parts;
    this.#names = createFakeNames(limits.namesMax);
    this.#mayConnect = createRate(limits.newPerSecond, limits.newBurst, nowMs);
    const mayAsk = createRate(limits.queriesPerSecond, limits.queriesBurst, nowMs);
    this.#nameServer = { desk, names: this.#names, limits, mayAsk };
    this.#listeners = listeners;
    this.#listenAll();
  }

  setNetwork(network: NetworkSpec | null, next?: HenListeners): void {
    if (this.#isClosed) return;
    this.desk.setNetwork(network);
    if (next === undefined) return;
    if (next.dnsUdp !== this.#listeners.dnsUdp) this.#listeners.dnsUdp.close();
    this.#listeners = next;
    this.#closeOthers(new Set([next.proxy, next.dnsTcp, ...next.transparent.values()]));
    this.#listenAll();
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#closeOthers(new Set());
    this.#listeners.dnsUdp.close();
    for (const client of this.#clients.keys()) client.cut();
    this.#parts.onClose();
  }

  sweep(): void {
    for (const client of this.#clients.keys()) client.sweep();
  }

  heldBytes(): number {
    let total = 0;
    for (const client of this.#clients.keys()) total += client.heldBytes();
    return total;
  }

  cutLargest(): void {
    let largest: Client | undefined;
    for (const client of this.#clients.keys()) {
      if (largest === undefined || client.heldBytes() > largest.heldBytes()) largest = client;
    }
    largest?.cut();
  }

  #listenAll(): void {
    const { proxy, dnsTcp, dnsUdp, transparent } = this.#listeners;
    this.#listen(proxy, PROXY_PORT, serveProxy);
    for (const [port, server] of transparent) this.#listen(server, port, serveTransparent);
    serveDatagrams(dnsUdp, this.#nameServer);
    if (!this.#served.has(dnsTcp)) this.#served.set(dnsTcp, serveStreams(dnsTcp, this.#nameServer).close);
  }

  #listen(server: Server, port: number, serve: Serve): void {
    if (this.#served.has(server)) return;
    const accept = (socket: Socket) => this.#accept(socket, server, port, serve);
    server.on("connection", accept).on("error", () => {});
    this.#served.set(server, () => {
      server.off("connection", accept).close();
      for (const [client, by] of this.#clients) if (by === server) client.cut();
    });
  }

  #accept(socket: Socket, server: Server, port: number, serve: Serve): void {
    const { henId, limits, clock } = this.#parts;
    if (this.#isClosed || this.#clients.size >= limits.connectionsMax + limits.refusedMax) {
      const via = port === PROXY_PORT ? "connect" : "tcp";
      if (!this.#isClosed)
        this.desk.refuse({ via, host: "-", port }, quota("far more connections than the gate takes at once"));
      socket.on("error", () => {}).resetAndDestroy();
      return;
    }
    const overRate = this.#mayConnect()
      ? undefined
      : quota(`more than ${limits.newPerSecond} new connections a second`);
    const client = createClient(socket, { henId, desk: this.desk, names: this.#names, limits, clock, port, overRate });
    this.#clients.set(client, server);
    socket.once("close", () => this.#clients.delete(client));
    serve(client).catch(() => client.cut());
  }

  /** Closes what is not among those that stay. */
  #closeOthers(stay: ReadonlySet<Server>): void {
    for (const [server, close] of this.#served) {
      if (stay.has(server)) continue;
      this.#served.delete(server);
      close();
    }
  }
}

function quota(reason: string): EgressRefusal {
  return { code: "quota", rule: null, reason, allow: null };
}
