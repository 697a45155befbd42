import type { Server, Socket } from "node:net";
import { canonicalHost, changeFor, mayBeNamed } from "coopd-core";
import type { Desk } from "./desk.ts";
import type { FakeNames } from "./fake-names.ts";
import type { DatagramPort } from "./gate.ts";
import type { GateLimits } from "./limits.ts";
import { DNS_TYPES, parseDnsQuery, QUERY_BYTES_MAX, writeDnsAnswer, writeDnsFault } from "./parse/dns-message.ts";

/** What a name server answers from. */
export interface NameServerParts {
  readonly desk: Desk;
  readonly names: FakeNames;
  readonly limits: GateLimits;
  /** False when the hen asks too often. */
  readonly mayAsk: () => boolean;
}

/**
 * Answers a hen's questions without asking anybody: a name that policy may let out gets an address of its own, every other one does
 * not exist. So no name leaves the host before a connection to it is allowed (control G2). Null: no answer.
 */
export function answerQuery({ desk, names, mayAsk }: NameServerParts, bytes: Uint8Array): Uint8Array | null {
  const query = parseDnsQuery(bytes);
  if (query === null) return null;
  if (!mayAsk()) {
    const reason = "more questions than the gate answers";
    desk.refuse({ via: "dns", host: "-", port: 0 }, { code: "quota", rule: null, reason, allow: null });
    return null;
  }
  if ("rcode" in query) return writeDnsFault(query);
  const host = canonicalHost(query.name);
  if (host === "localhost" || host?.endsWith(".localhost")) {
    return writeDnsAnswer(query, "ok", query.type === DNS_TYPES.a ? [127, 0, 0, 1] : undefined);
  }
  if (host === null || host.startsWith("[") || !/[a-z]/.test(host) || !mayBeNamed(desk.network, host)) {
    if (!/\.arpa\.?$/i.test(query.name)) refuseName(desk, query.name, host);
    return writeDnsAnswer(query, "no_name");
  }
  return writeDnsAnswer(query, "ok", query.type === DNS_TYPES.a ? names.addressOf(host) : undefined);
}

function refuseName(desk: Desk, asked: string, host: string | null): void {
  const isOff = desk.network?.policy === "off";
  const [code, reason] =
    host === null
      ? (["host_invalid", "it is no host name"] as const)
      : isOff
        ? (["policy_off", "the hen's network policy is off"] as const)
        : (["no_rule", `no rule names ${host}, so it does not exist for this hen`] as const);
  // Port 443 is a guess, and the likeliest.
  const allow = host === null ? null : changeFor(host, 443);
  desk.refuse({ via: "dns", host: host ?? asked, port: 0 }, { code, rule: null, reason, allow });
}

/** Serves a UDP port until it is closed. */
export function serveDatagrams(port: DatagramPort, parts: NameServerParts): void {
  port.onMessage((bytes, peer) => {
    const answer = answerQuery(parts, bytes);
    if (answer !== null) port.send(answer, peer);
  });
}

/** A resolver has one or two. */
const TCP_CLIENTS_MAX = 16;

/** Serves a TCP port, each message behind its length (RFC 1035 §4.2.2). What it returns closes port and connections. */
export function serveStreams(server: Server, parts: NameServerParts): { readonly close: () => void } {
  const clients = new Set<Socket>();
  const accept = (socket: Socket) => {
    socket.on("error", () => {});
    if (clients.size >= TCP_CLIENTS_MAX) return void socket.destroy();
    clients.add(socket);
    socket.once("close", () => clients.delete(socket));
    socket.setTimeout(parts.limits.headMs, () => socket.destroy());
    serveStream(socket, parts);
  };
  server.on("connection", accept).on("error", () => {});
  return {
    close() {
      server.off("connection", accept).close();
      for (const socket of clients) socket.destroy();
    },
  };
}

function serveStream(socket: Socket, parts: NameServerParts): void {
  let held = Buffer.alloc(0);
  socket.once("end", () => socket.end());
  socket.on("drain", () => void socket.resume());
  socket.on("data", (bytes: Uint8Array) => {
    held = Buffer.concat([held, bytes]);
    while (held.length >= 2) {
      const length = held.readUInt16BE(0);
      if (length > QUERY_BYTES_MAX) return void socket.destroy();
      if (held.length < 2 + length) return;
      const answer = answerQuery(parts, held.subarray(2, 2 + length));
      held = held.subarray(2 + length);
      if (answer === null) return void socket.destroy();
      if (!socket.write(Buffer.concat([Uint8Array.of(answer.length >> 8, answer.length & 0xff), answer])))
        socket.pause();
    }
  });
}
