import { CoopError, type Log, toErrorEnvelope } from "coopd-core";
import { type ApiParts, createApi } from "./api.ts";
import type { SocketTicket } from "./bindings.ts";
import { ANSWER_SECS } from "./body.ts";

/** What the server needs besides the API's own parts. */
export interface ServerParts extends Omit<ApiParts, "boundAddress"> {
  readonly log: Log;
  readonly address: { readonly host: string; readonly port: number };
}

export interface ApiServer {
  /** `HOST:PORT` as bound, the real port where 0 was asked for. */
  readonly address: string;
  /** Tells the watchers, stops listening, lets requests under way finish for `graceMs`, then cuts them. */
  close(graceMs: number): Promise<void>;
}

/**
 * A client that has not sent its whole request by then is cut off, s: Bun does not count a drip as progress. Waits without an
 * end are announced by their routes (`server.timeout`).
 */
const RECEIVE_SECS = 30;
/** A WebSocket that answers no ping for this long is dead, s. */
const SOCKET_IDLE_SECS = 120;
/** No ticket takes a longer message; Bun needs one number for all. */
const INBOUND_BYTES_MAX = 262_144;
/** Requests under way; beyond, the daemon says so instead of slowing down for everybody. */
const REQUESTS_MAX = 4_096;

/** Binds and serves. @throws CoopError `bad_request` when the address cannot be bound */
export function openApiServer(parts: ServerParts): ApiServer {
  const { host } = parts.address;
  let address = "";
  const api = createApi({ ...parts, boundAddress: () => address });
  const server = listen(parts, (request, bunServer) => {
    if (bunServer.pendingRequests > REQUESTS_MAX) return tooBusy();
    if (!hasBody(request)) bunServer.timeout(request, ANSWER_SECS);
    return api.fetch(request, { server: bunServer });
  });
  address = `${host}:${server.port}`;
  const { desk, door, terminals, live } = parts;
  const unlisten = door.keys?.onRevoked((ids) => {
    const isMeant = (id: string | undefined) => id !== undefined && ids.has(id);
    desk.closeWhere(isMeant, "what let you in was revoked");
    terminals.detachWhere(isMeant, "what let you in was revoked");
    live.closeWhere(isMeant);
  });
  return {
    address,
    async close(graceMs) {
      unlisten?.();
      desk.sayGoodbye();
      const finished = server.stop(false);
      await Promise.race([finished, Bun.sleep(graceMs)]);
      await server.stop(true);
    },
  };
}

function listen(
  parts: ServerParts,
  fetch: (request: Request, server: Bun.Server<SocketTicket>) => Response | Promise<Response>,
): Bun.Server<SocketTicket> {
  const { host, port } = parts.address;
  try {
    return Bun.serve<SocketTicket>({
      hostname: host.replace(/^\[(.*)\]$/, "$1"),
      port,
      fetch,
      idleTimeout: RECEIVE_SECS,
      // Bun's own refusal has no envelope. readBytes refuses, after the headers or at the first byte beyond its limit; what a
      // client sends on is thrown away as it comes (measured with four bodies of 400 MB: nothing of them is held).
      maxRequestBodySize: Number.MAX_SAFE_INTEGER,
      error: (error) => {
        parts.log.error("the server failed a request", { error });
        return refusal(new CoopError("internal", "internal error; see the daemon's log"), 500);
      },
      websocket: {
        maxPayloadLength: INBOUND_BYTES_MAX,
        idleTimeout: SOCKET_IDLE_SECS,
        sendPings: true,
        open: (ws) => ws.data.open(ws),
        drain: (ws) => ws.data.drain?.(ws),
        close: (ws) => ws.data.close?.(ws),
        message(ws, message) {
          const bytes = typeof message === "string" ? Buffer.byteLength(message) : message.length;
          if (bytes > ws.data.inboundBytesMax) ws.close(1009, "the message is too long");
          else ws.data.message?.(ws, message);
        },
      },
    });
  } catch (error) {
    throw new CoopError(
      "bad_request",
      `cannot listen on ${host}:${port}: ${error instanceof Error ? error.message : error}`,
      {
        next: "Another program may hold the port: give another with --addr HOST:PORT.",
        cause: error,
      },
    );
  }
}

/** One with a body keeps RECEIVE_SECS until that was read; see readBytes. */
function hasBody({ headers }: Request): boolean {
  return headers.has("transfer-encoding") || Number(headers.get("content-length") ?? "0") > 0;
}

function tooBusy(): Response {
  const error = new CoopError("not_ready", `${REQUESTS_MAX} requests are under way already`);
  return refusal(error, 503, { "retry-after": "1" });
}

function refusal(error: CoopError, status: number, headers: Record<string, string> = {}): Response {
  return Response.json(toErrorEnvelope(error), {
    status,
    headers: { ...headers, "x-content-type-options": "nosniff" },
  });
}
