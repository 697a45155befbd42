import { httpRefusal } from "./answers.ts";
import type { Client } from "./client.ts";
import type { Way } from "./desk.ts";
import { createBodyReader } from "./parse/request-body.ts";
import type { RequestHead } from "./parse/request-head.ts";
import { writeRequestHead } from "./parse/write-head.ts";
import { discard } from "./pump.ts";

/**
 * One request over a way whose answers are carried already, written anew. What the client sends behind its request is read and
 * forgotten: another request takes another connection.
 */
export function exchange(client: Client, way: Way, head: RequestHead): void {
  client.intake.skip(head.length);
  const rest = client.intake.release();
  way.socket.write(writeRequestHead(head, way.host, way.port));
  if (head.isWebSocket) upgrade(client, way, rest);
  else sendBody(client, way, head, rest);
}

function sendBody(client: Client, way: Way, head: RequestHead, rest: Uint8Array): void {
  const { socket: hen } = client;
  const { socket: server } = way;
  const body = createBodyReader(head.body);
  let isOver = false;
  const take = (bytes: Uint8Array) => {
    client.touch();
    const step = body.push(bytes);
    if ("kind" in step) {
      const reason = `the request to ${way.host}:${way.port} ${step.reason}`;
      const refusal = { code: step.code, rule: null, reason, allow: null };
      way.refuse(refusal);
      // Nothing may follow an answer that has begun.
      return client.end(server.bytesRead === 0 ? httpRefusal(client.henId, refusal) : null);
    }
    let isFull = false;
    for (const part of step.out) isFull = !server.write(part) || isFull;
    if (step.isOver) {
      isOver = true;
      hen.off("data", take);
      discard(hen);
    } else if (isFull) hen.pause();
  };
  server.on("drain", () => void hen.resume());
  // A client that goes before its request is whole takes it back; one that has said all may still listen.
  hen.once("end", () => {
    if (!isOver) client.cut();
  });
  // An answer that has ended ends the exchange, whether or not the client says so too.
  if (server.readableEnded) server.end();
  else server.once("end", () => void server.end());
  take(rest);
  if (isOver || hen.destroyed) return;
  hen.on("data", take);
  if (hen.readableEnded) client.cut();
  else if (server.writableNeedDrain) hen.pause();
  else hen.resume();
}

/** `HTTP/1.1 101 ` */
const STATUS_BYTES = 13;

/**
 * Bytes of a WebSocket go on only behind a server's 101: one that goes on speaking HTTP would take them for a request that nobody
 * decided on.
 */
function upgrade(client: Client, way: Way, rest: Uint8Array): void {
  const { socket: hen } = client;
  const { socket: server } = way;
  let status = "";
  const look = (bytes: Uint8Array) => {
    status += Buffer.from(bytes.subarray(0, STATUS_BYTES)).toString("latin1");
    if (status.length < STATUS_BYTES) return;
    server.off("data", look);
    if (/^HTTP\/1\.1 101 /.test(status)) client.carry(hen, server, rest);
    else discard(hen);
  };
  server.on("data", look);
}
