import { afterEach } from "bun:test";
import net, { type AddressInfo, type Server, type Socket } from "node:net";
import {
  type AddressFault,
  type EgressRecord,
  type HenId,
  judgeAddress,
  type NetRule,
  type NetworkSpec,
} from "coopd-core";
import { createDial, type Dial } from "../../dial/dial.ts";
import { createGate } from "../create-gate.ts";
import type { DatagramPort, Gate, GateSeat, HenListeners, Peer } from "../gate.ts";
import type { GateLimits } from "../limits.ts";

/** What a test gate starts with. */
export interface TestGateParts {
  readonly network?: NetworkSpec | null;
  /** Name → port of a server on 127.0.0.2; whatever port a hen asks for, it is reached there. */
  readonly servers?: Readonly<Record<string, number>>;
  readonly limits?: Partial<GateLimits>;
  /** What stands before the dial. */
  readonly before?: () => Promise<void>;
  /** Ports at which connections are caught; each gets a listener at a port of the system's choice. */
  readonly transparent?: readonly number[];
}

/** A gate on loopback whose "public" servers live on 127.0.0.2; the hen sits on 127.0.0.1 and 127.1.0.0/16. */
export interface TestGate {
  readonly gate: Gate;
  readonly seat: GateSeat;
  readonly records: EgressRecord[];
  readonly proxyPort: number;
  readonly dnsTcpPort: number;
  /** Where a connection to a caught port has to go, at any address of the hen. */
  caughtAt(port: number): number;
  /** Sends a DNS query by UDP; the answer, or null when there was none at once. */
  query(bytes: Uint8Array): Uint8Array | null;
  readonly clock: { now: number };
  /** Connects to the proxy. */
  connect(): Promise<Socket>;
  listeners(transparent: readonly number[]): Promise<HenListeners>;
  close(): Promise<void>;
}

/** The hen of the tests. */
export const HEN = "local.coop/pip" as HenId;

/** A rule, as a manifest gives it. */
export function rule(host: string, parts: Partial<NetRule> = {}): NetRule {
  return { host, ports: [443], private: false, methods: null, paths: null, ...parts };
}

/** Policy allowlist. */
export function allowlist(...allow: readonly NetRule[]): NetworkSpec {
  return { policy: "allowlist", allow };
}

/** Starts one; whoever starts it closes it. */
export async function startGate(parts: TestGateParts = {}): Promise<TestGate> {
  const { network = allowlist(), servers = {}, transparent = [] } = parts;
  const records: EgressRecord[] = [];
  const clock = { now: 1_000_000 };
  const judge = (address: string): AddressFault | null => (address === "127.0.0.2" ? null : judgeAddress(address));
  const resolve = async (name: string) =>
    name in servers ? ["127.0.0.2"] : name === "inside.test" ? ["10.0.0.1"] : [];
  const real = createDial({ judge, resolve, isOwnAddress: () => false });
  const dial: Dial = async (target, signal) => {
    await parts.before?.();
    return real({ ...target, port: servers[target.host] ?? target.port }, signal);
  };
  const gate = createGate({
    record: (record) => records.push(record),
    clock: { nowMs: () => clock.now },
    dial,
    limits: { sweepMs: 5, ...parts.limits },
  });
  const udp = createTestPort();
  const listeners = async (ports: readonly number[]): Promise<HenListeners> => ({
    proxy: await listen(),
    dnsTcp: await listen(),
    dnsUdp: udp.port,
    transparent: new Map(await Promise.all(ports.map(async (port) => [port, await listen()] as const))),
  });
  const first = await listeners(transparent);
  const seat = gate.seat({ henId: HEN, network, listeners: first });
  const proxyPort = portOf(first.proxy);
  return {
    gate,
    seat,
    records,
    proxyPort,
    dnsTcpPort: portOf(first.dnsTcp),
    caughtAt: (port) => portOf(first.transparent.get(port) ?? first.proxy),
    query: udp.query,
    clock,
    listeners,
    connect: () => connectTo(proxyPort),
    close: () => gate.close(),
  };
}

function createTestPort() {
  let listener: ((bytes: Uint8Array, peer: Peer) => void) | undefined;
  let answer: Uint8Array | null = null;
  const port: DatagramPort = {
    onMessage(next) {
      listener = next;
    },
    send(bytes) {
      answer = bytes;
    },
    close() {
      listener = undefined;
    },
  };
  const query = (bytes: Uint8Array) => {
    answer = null;
    listener?.(bytes, { address: "127.0.0.1", port: 1 });
    return answer;
  };
  return { port, query };
}

function listen(): Promise<Server> {
  const server = net.createServer({ allowHalfOpen: true });
  return new Promise((up) => server.listen(0, "0.0.0.0", () => up(server)));
}

/** The port that a listening server got. */
export function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

/** A client's socket; half-open, as a hen's may be. */
export function connectTo(port: number, host = "127.0.0.1"): Promise<Socket> {
  const socket = net.connect({ port, host, allowHalfOpen: true });
  return new Promise((up, fail) => {
    socket.once("connect", () => up(socket)).once("error", fail);
    socket.on("error", () => {});
  });
}

/** A server on 127.0.0.2 that does what it is told with each connection. Whoever starts it closes it. */
export async function startServer(serve: (socket: Socket) => void): Promise<{ readonly port: number; close(): void }> {
  const sockets = new Set<Socket>();
  const server = net.createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket);
    socket.on("error", () => {}).once("close", () => sockets.delete(socket));
    serve(socket);
  });
  await new Promise<void>((up) => server.listen(0, "127.0.0.2", up));
  return {
    port: portOf(server),
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** Everything that comes until the end; `reset` where it was cut. */
export function readAll(socket: Socket): Promise<{ readonly text: string; readonly end: "end" | "reset" }> {
  const parts: Uint8Array[] = [];
  return new Promise((done) => {
    const finish = (end: "end" | "reset") => done({ text: Buffer.concat(parts).toString("latin1"), end });
    socket.on("data", (bytes: Uint8Array) => parts.push(bytes));
    socket.once("end", () => finish("end")).once("close", () => finish("reset"));
    socket.resume();
  });
}

/** What comes until so many characters are there, or the end. */
export async function readSome(socket: Socket, length: number): Promise<string> {
  let text = "";
  const { promise, resolve } = Promise.withResolvers<void>();
  const take = (bytes: Uint8Array) => {
    text += Buffer.from(bytes).toString("latin1");
    if (text.length >= length) resolve();
  };
  socket.on("data", take).once("close", resolve);
  socket.resume();
  await promise;
  socket.off("data", take);
  socket.pause();
  return text;
}

/** Waits until something is so, looking whenever the loop has turned. */
export async function until(isSo: () => boolean): Promise<void> {
  const end = performance.now() + 5_000;
  while (!isSo()) {
    if (performance.now() > end) throw new Error("it did not come about within 5 s");
    await Bun.sleep(1);
  }
}

/** What is pushed here is closed after each test of the file, in that order. */
export function closedAfterEach(): { close(): unknown }[] {
  const open: { close(): unknown }[] = [];
  afterEach(async () => {
    for (const one of open.splice(0)) await one.close();
  });
  return open;
}
