import { CoopError } from "coopd-core";
import { notCoop } from "./answer-body.ts";
import type { Transport } from "./transport.ts";

/** How long a connection is waited for. */
export interface SocketTimes {
  /** The handshake's deadline. */
  readonly openMs: number;
  /** A connection without a sign of life for two of these is taken for dead: a cut cable sends no FIN. */
  readonly pingMs: number;
}

/** A handshake is one round trip; pings are rare enough to cost nothing and tell within a minute. */
export const SOCKET_TIMES: SocketTimes = { openMs: 10_000, pingMs: 30_000 };

/** The parts of Bun's and Node's sockets that a browser's lacks. */
export type PingingSocket = WebSocket & { ping?(): void; addEventListener(type: "pong", listener: () => void): void };

/** Browsers cannot set headers on a WebSocket and log in by cookie; a token needs a runtime that can. */
export function connectSocket(url: string, headers: Readonly<Record<string, string>>): PingingSocket {
  const { authorization } = headers;
  if (authorization === undefined) return new WebSocket(url);
  return new WebSocket(url, { headers: { authorization } } as unknown as string[]);
}

/** A failed handshake tells a client nothing (RFC 6455 §4.1 leaves it to the API), so the same is asked by a plain GET. */
export async function explainRefusal(
  { baseUrl }: Transport,
  ask: () => Promise<unknown>,
  signal: AbortSignal | undefined,
  isTimeout: boolean,
  times: SocketTimes,
): Promise<CoopError> {
  if (signal?.aborted === true) return new CoopError("cancelled", "given up");
  if (isTimeout) {
    return new CoopError("timeout", `no WebSocket handshake from ${baseUrl} within ${times.openMs / 1000} s`);
  }
  try {
    await ask();
  } catch (error) {
    if (error instanceof CoopError && error.code !== "bad_request") return error;
  }
  return notCoop(baseUrl, "no WebSocket: it takes no more watchers, or a proxy in between lets none through");
}

/** Pings, and calls `lost` when nothing is heard for two pings. Returns the way to stop. */
export function keepAlive(socket: PingingSocket, pingMs: number, lost: () => void): () => void {
  if (socket.ping === undefined) return () => {};
  let lastSignMs = performance.now();
  const heard = () => {
    lastSignMs = performance.now();
  };
  socket.addEventListener("pong", heard);
  socket.addEventListener("message", heard);
  const timer = setInterval(() => {
    if (performance.now() - lastSignMs > 2 * pingMs) lost();
    else socket.ping?.();
  }, pingMs);
  return () => clearInterval(timer);
}
