import { CoopError, type JobProgress, type Log, type Store, toErrorEnvelope } from "coopd-core";
import type { EventBus } from "../watch/bus.ts";
import { Watcher } from "../watch/watcher.ts";
import { type ApiParts, createApi } from "./api.ts";
import type { WatchTicket } from "./bindings.ts";
import { BODY_BYTES_MAX } from "./body.ts";

/** What the server needs besides the API's own parts. */
export interface ServerParts extends Omit<ApiParts, "mayWatch"> {
  readonly store: Store;
  readonly bus: EventBus;
  /** How far the jobs are that run just now; told to a watcher when it comes. */
  readonly progress: () => readonly JobProgress[];
  readonly log: Log;
  readonly address: { readonly host: string; readonly port: number };
}

export interface ApiServer {
  /** `HOST:PORT` as bound, the real port where 0 was asked for. */
  readonly address: string;
  /** Tells the watchers, stops listening, lets requests under way finish for `graceMs`, then cuts them. */
  close(graceMs: number): Promise<void>;
}

/** Each may hold BUFFERED_BYTES_MAX unsent, so this bounds them to about 1 GiB at the very worst. */
const WATCHERS_MAX = 1_000;
/** Inbound `/watch` frames carry nothing (contract/http-api.md §5.1). */
const WATCH_INBOUND_BYTES_MAX = 65_536;
/** Bun closes a connection that is idle for this long, s; a streamed list is read by a person at times. */
const IDLE_SECS = 120;

/**
 * Bun answers a larger body itself, without our envelope; up to here it is readBytes that refuses, after the headers or at
 * the first byte beyond its limit, so nothing of this size is ever held.
 */
const BODY_BYTES_HARD_MAX = 32 * BODY_BYTES_MAX;

interface Ticket extends WatchTicket {
  watcher?: Watcher;
}

/** Binds and serves. @throws CoopError `bad_request` when the address cannot be bound */
export function openApiServer(parts: ServerParts): ApiServer {
  const watchers = new Set<Watcher>();
  const api = createApi({ ...parts, mayWatch: () => watchers.size < WATCHERS_MAX });
  const server = listen(parts, (request, bunServer) => api.fetch(request, { server: bunServer }), watchers);
  const { host } = parts.address;
  return {
    address: `${host}:${server.port}`,
    async close(graceMs) {
      parts.bus.flush();
      for (const watcher of watchers) watcher.notify({ type: "shutting_down" });
      const finished = server.stop(false);
      await Promise.race([finished, Bun.sleep(graceMs)]);
      await server.stop(true);
    },
  };
}

function listen(
  parts: ServerParts,
  fetch: (request: Request, server: Bun.Server<Ticket>) => Response | Promise<Response>,
  watchers: Set<Watcher>,
): Bun.Server<Ticket> {
  const { host, port } = parts.address;
  try {
    return Bun.serve<Ticket>({
      hostname: host.replace(/^\[(.*)\]$/, "$1"),
      port,
      fetch,
      idleTimeout: IDLE_SECS,
      maxRequestBodySize: BODY_BYTES_HARD_MAX,
      error: (error) => {
        parts.log.error("the server failed a request", { error });
        return Response.json(toErrorEnvelope(new CoopError("internal", "internal error; see the daemon's log")), {
          status: 500,
        });
      },
      websocket: {
        maxPayloadLength: WATCH_INBOUND_BYTES_MAX,
        idleTimeout: IDLE_SECS,
        sendPings: true,
        open(ws) {
          const socket = {
            send: (line: string) => ws.sendText(line),
            together: (work: () => void) => void ws.cork(work),
            bufferedBytes: () => ws.getBufferedAmount(),
            close: (code: number, reason: string) => ws.close(code, reason),
          };
          const watcher = new Watcher(socket, parts.store, parts.bus, ws.data.since);
          ws.data.watcher = watcher;
          watchers.add(watcher);
          void watcher.catchUp().then(() => {
            for (const notice of parts.progress()) watcher.notify(notice);
          });
        },
        drain: (ws) => void ws.data.watcher?.catchUp(),
        message: () => {},
        close(ws) {
          const { watcher } = ws.data;
          if (watcher === undefined) return;
          watcher.close();
          watchers.delete(watcher);
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
