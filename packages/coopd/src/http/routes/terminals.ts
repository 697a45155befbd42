import { CoopError, parseHenId } from "coopd-core";
import { type Context, Hono } from "hono";
import { ShellClient } from "../../terminals/shell-client.ts";
import type { AttachRequest, Terminals } from "../../terminals/terminals.ts";
import { assertKeys, typeKeys } from "../../terminals/typing.ts";
import type { SocketTicket } from "../bindings.ts";
import { readJson } from "../body.ts";
import type { RequestEnv } from "../door/request-env.ts";
import { readFlag, readWhole } from "../query.ts";
import { SendBody } from "../request-bodies.ts";

/** A paste (contract/http-api.md §5.2). */
const SHELL_INBOUND_BYTES_MAX = 262_144;

/** `GET /terminals`, and of a hen `GET /hens/:id/shell` and `POST /hens/:id/shell/send`. */
export function terminalRoutes(terminals: Terminals): Hono<RequestEnv> {
  return new Hono<RequestEnv>()
    .get("/terminals", (c) => c.json(terminals.list()))
    .get("/hens/:id/shell", (c) => {
      assertUpgrade(c);
      const data = shellTicket(terminals, c.req.param("id"), readAttachRequest(c));
      if (c.env.server.upgrade(c.req.raw, { data })) return new Response(null);
      throw new CoopError("bad_request", "this request cannot become a WebSocket");
    })
    .post("/hens/:id/shell/send", async (c) => {
      const { keys, named_keys: namedKeys, no_enter: noEnter } = await readJson(c, SendBody);
      const id = parseHenId(c.req.param("id"));
      // Keys by name alone are whole by themselves; a text without `no_enter` is entered, as in the original.
      const isEntered = !noEnter && (keys !== "" || namedKeys.length === 0);
      assertKeys(namedKeys);
      await typeKeys(await terminals.openListening(id), { keys, namedKeys, isEntered });
      return c.json({ ok: true });
    });
}

/** `id` is as it came: the upgrade succeeds whatever it is, and what is wrong is told by a frame. */
function shellTicket(terminals: Terminals, id: string, request: AttachRequest): SocketTicket {
  let client: ShellClient | undefined;
  return {
    credentialId: request.credentialId,
    inboundBytesMax: SHELL_INBOUND_BYTES_MAX,
    open(ws) {
      client = new ShellClient({
        sendBytes: (bytes) => void ws.sendBinary(bytes),
        sendText: (text) => void ws.sendText(text),
        bufferedBytes: () => ws.getBufferedAmount(),
        close: (code, reason) => ws.close(code, reason),
      });
      void client.attach(terminals, id, request);
    },
    message: (_ws, frame) => client?.message(frame),
    drain: () => client?.drained(),
    close: () => client?.left(),
  };
}

/** Handshake refusals of contract/http-api.md §5. */
function assertUpgrade(c: Context): void {
  const [upgrade = "", connection = ""] = [c.req.header("upgrade"), c.req.header("connection")];
  if (/\bupgrade\b/i.test(connection) && /^websocket$/i.test(upgrade)) return;
  throw new CoopError("bad_request", "a hen's shell is a WebSocket: ask for an upgrade");
}

function readAttachRequest(c: Context<RequestEnv>): AttachRequest {
  const cols = readWhole(c, "cols", 1, 65_535);
  const rows = readWhole(c, "rows", 1, 65_535);
  if ((cols === undefined) !== (rows === undefined)) {
    throw new CoopError("bad_query", "query parameters cols and rows come together");
  }
  return {
    credentialId: c.get("visit").actor.id,
    isReadOnly: readFlag(c, "read_only"),
    hasAcks: readFlag(c, "acks"),
    size: cols === undefined || rows === undefined ? undefined : { cols, rows },
  };
}
