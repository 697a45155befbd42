import type { Server, ServerWebSocket } from "bun";

/** What a WebSocket does; a route hands it to `upgrade` as `data`, and the server calls it. */
export interface SocketTicket {
  /** Of whoever opened it: when that is revoked, the socket is closed. */
  readonly credentialId: string | undefined;
  /** A longer message from the client ends the connection. */
  readonly inboundBytesMax: number;
  open(ws: ServerWebSocket<SocketTicket>): void;
  message?(ws: ServerWebSocket<SocketTicket>, message: string | Buffer): void;
  /** What was held back has gone out. */
  drain?(ws: ServerWebSocket<SocketTicket>): void;
  close?(ws: ServerWebSocket<SocketTicket>): void;
}

/** What Bun hands the handler besides the request. */
export interface Bindings {
  readonly server: Server<SocketTicket>;
}
