import { Socket as UdpSocket } from "node:dgram";
import { Server } from "node:net";
import { CoopError, type NetworkSpec } from "coopd-core";
import type { DatagramPort, HenListeners } from "../gate/gate.ts";
import { NAME_SERVER_PORT, PROXY_PORT, transparentPorts } from "../gate/transparent-ports.ts";
import type { HostPrograms } from "../host/host-programs.ts";
import { type Handed, handOff } from "./hand-off.ts";
import type { ListenRequest } from "./hand-off-message.ts";
import type { NetNamespace } from "./net-namespace.ts";

/** Each is a descriptor of the daemon for as long as the hen is awake. */
const PORTS_MAX = 256;

const LOOPBACK = "127.0.0.1";

/** Every address of the namespace: the name server gives each name one of its own (walls.md, Gate). */
const ANY = "0.0.0.0";

/** Proxy, name server over TCP and over UDP: what every hen that is not offline has, in this order. */
const COMMON: readonly ListenRequest[] = [
  { kind: "tcp", address: LOOPBACK, port: PROXY_PORT },
  { kind: "tcp", address: LOOPBACK, port: NAME_SERVER_PORT },
  { kind: "udp", address: LOOPBACK, port: NAME_SERVER_PORT },
];

/**
 * The listeners that a policy needs in a hen's namespace; undefined for `off`. Those that `before` has stay the same ones, so a
 * changed list of ports interrupts nobody who is still allowed. What is left over belongs to the seat, which closes it.
 *
 * @throws CoopError `sandbox_failed`, `limit_reached`; what it opened is closed then.
 */
export async function openHenListeners(
  programs: HostPrograms,
  namespace: NetNamespace,
  network: NetworkSpec | null,
  before: HenListeners | undefined,
): Promise<HenListeners | undefined> {
  if (network?.policy === "off") return undefined;
  const ports = transparentPorts(network);
  if (ports.length > PORTS_MAX) throw tooMany(ports.length);
  const added = ports.filter((port) => before?.transparent.has(port) !== true);
  const common = before === undefined ? COMMON : [];
  const wanted = [...common, ...added.map((port) => ({ kind: "tcp", address: ANY, port }) as const)];
  const handed = wanted.length === 0 ? [] : await handOff(programs, namespace, wanted);
  const servers = handed.slice(common.length).map(asServer);
  const transparent = new Map(added.map((port, at) => [port, servers[at] as Server]));
  for (const [port, server] of before?.transparent ?? []) if (ports.includes(port)) transparent.set(port, server);
  if (before !== undefined) return { ...before, transparent };
  const [proxy, dnsTcp, dnsUdp] = handed;
  return { proxy: asServer(proxy), dnsTcp: asServer(dnsTcp), dnsUdp: asDatagramPort(dnsUdp), transparent };
}

/** For listeners that never got a seat, or lost it. */
export function closeListeners(listeners: HenListeners | undefined): void {
  if (listeners === undefined) return;
  listeners.dnsUdp.close();
  for (const server of [listeners.proxy, listeners.dnsTcp, ...listeners.transparent.values()]) server.close();
}

function tooMany(count: number): CoopError {
  return new CoopError(
    "limit_reached",
    `a hen's network policy lists ${count} ports; more than ${PORTS_MAX} can't be held`,
    {
      next: "List fewer different ports under network.allow.",
    },
  );
}

/** A server that was handed over has the defaults of Node; what it was made with stays behind. */
function asServer(handle: Handed | undefined): Server {
  if (!(handle instanceof Server)) throw new TypeError("the hand-off gave no server");
  (handle as Server & { allowHalfOpen: boolean }).allowHalfOpen = true;
  return handle;
}

/** Best effort, as UDP is: what can't be sent is lost, and the asker asks again. */
function asDatagramPort(handle: Handed | undefined): DatagramPort {
  if (!(handle instanceof UdpSocket)) throw new TypeError("the hand-off gave no datagram socket");
  let listen: Parameters<DatagramPort["onMessage"]>[0] = () => undefined;
  let isOpen = true;
  handle.on("message", (bytes, { address, port }) => listen(bytes, { address, port }));
  handle.on("error", () => undefined); // of a datagram that was not deliverable (udp(7)); the socket stays good
  return {
    onMessage: (listener) => {
      listen = listener;
    },
    send: (bytes, { address, port }) => {
      if (isOpen) handle.send(bytes, port, address, () => undefined);
    },
    close: () => {
      if (isOpen) handle.close();
      isOpen = false;
    },
  };
}
