import { CoopError, parseHenId } from "coopd-core";
import { type Context, Hono } from "hono";
import { toEventStream } from "../../watch/event-stream.ts";
import type { WatchDesk, WatchWish } from "../../watch/watch-desk.ts";
import type { Watcher } from "../../watch/watcher.ts";
import type { SocketTicket } from "../bindings.ts";
import type { RequestEnv } from "../door/request-env.ts";
import { readParam, readWhole } from "../query.ts";

/** Inbound `/watch` frames carry nothing (contract/http-api.md §5.1). */
const WATCH_INBOUND_BYTES_MAX = 65_536;
/** Names of types that one filter may hold: more than there are. */
const TYPES_MAX = 64;

/** `/watch`: a WebSocket, or Server-Sent Events for whoever accepts those. */
export function watchRoutes(desk: WatchDesk): Hono<RequestEnv> {
  return new Hono<RequestEnv>().get("/watch", (c) => {
    const wish = readWish(c);
    const wantsStream = (c.req.header("accept") ?? "").includes("text/event-stream");
    if (!wantsStream) assertUpgrade(c.req.header("upgrade"), c.req.header("connection"));
    if (!desk.hasRoom()) throw new CoopError("too_many_watchers", "too many clients are watching");
    if (wantsStream) {
      c.env.server.timeout(c.req.raw, 0); // it has no end, and pings
      return toEventStream(desk, wish, c.req.raw.signal);
    }
    if (c.env.server.upgrade(c.req.raw, { data: watchTicket(desk, wish) })) return new Response(null);
    throw new CoopError("bad_request", "this request cannot become a WebSocket");
  });
}

function readWish(c: Context<RequestEnv>): WatchWish {
  const last = c.req.header("last-event-id");
  const since = last !== undefined && /^\d{1,15}$/.test(last) ? Number(last) : undefined;
  const types = readParam(c, "types")?.split(",");
  if (types !== undefined && (types.length > TYPES_MAX || !types.every((type) => /^[a-z_]{1,64}$/.test(type)))) {
    throw new CoopError("bad_query", "query parameter types must be names of event types with commas between");
  }
  const hen = readParam(c, "hen");
  const isAll = types === undefined && hen === undefined;
  return {
    since: since ?? readWhole(c, "since", 0, Number.MAX_SAFE_INTEGER),
    filter: isAll
      ? undefined
      : {
          types: types === undefined ? undefined : new Set(types),
          hen: hen === undefined ? undefined : parseHenId(hen),
        },
    credentialId: c.get("visit").actor.id,
  };
}

/** Handshake refusals of contract/http-api.md §5. */
function assertUpgrade(upgrade: string | undefined, connection: string | undefined): void {
  if (/\bupgrade\b/i.test(connection ?? "") && /^websocket$/i.test(upgrade ?? "")) return;
  throw new CoopError("bad_request", "/watch is a WebSocket: ask for an upgrade, or for text/event-stream");
}

function watchTicket(desk: WatchDesk, wish: WatchWish): SocketTicket {
  let watcher: Watcher | undefined;
  return {
    credentialId: wish.credentialId,
    inboundBytesMax: WATCH_INBOUND_BYTES_MAX,
    open(ws) {
      watcher = desk.open(
        {
          send: (line) => ws.sendText(line),
          together: (work) => void ws.cork(work),
          bufferedBytes: () => ws.getBufferedAmount(),
          close: (code, reason) => ws.close(code, reason),
        },
        wish,
      );
    },
    drain: () => void watcher?.catchUp(),
    close() {
      if (watcher !== undefined) desk.leave(watcher);
    },
  };
}
