import type { EgressRefusal } from "../dial/refusal.ts";
import { httpRefusal, socksRefusal } from "./answers.ts";
import type { Client } from "./client.ts";
import { converse, pathOf } from "./converse.ts";
import { type Fault, MORE, type More } from "./parse/fault.ts";
import { parseRequestHead, type RequestHead } from "./parse/request-head.ts";
import { parseSocksGreeting, parseSocksRequest, socksReply } from "./parse/socks.ts";
import type { Wish } from "./way-book.ts";

/** 127.0.0.1:3128: SOCKS5 and HTTP, told apart by the first byte. */
export async function serveProxy(client: Client): Promise<void> {
  const first = await client.intake.read(parseFirstByte);
  if (first === null || first.kind === "fault") return client.cut();
  return first.byte === 5 ? serveSocks(client) : serveHttp(client);
}

function parseFirstByte(bytes: Uint8Array): { readonly kind: "byte"; readonly byte: number } | More {
  const [byte] = bytes;
  return byte === undefined ? MORE : { kind: "byte", byte };
}

/** Whose host nobody got to know. */
const UNKNOWN = "-";

async function serveHttp(client: Client): Promise<void> {
  const { henId, intake } = client;
  const answer = (refusal: EgressRefusal) => httpRefusal(henId, refusal);
  const head = await intake.read(parseRequestHead);
  if (head === null) return client.cut();
  const wish = head.kind === "head" ? wishOf(head) : null;
  if (wish === null) {
    const reason = head.kind === "fault" ? head.reason : "is for the proxy itself, which serves nothing";
    const code = head.kind === "fault" ? head.code : "request_invalid";
    const refusal = { code, rule: null, reason: `the request ${reason}`, allow: null };
    return client.refuse({ via: "http", host: UNKNOWN, port: client.port }, refusal, answer);
  }
  const way = await client.open(resolveFake(client, wish), answer);
  if (way === null || head.kind === "fault") return;
  if (head.form === "authority") {
    intake.skip(head.length);
    client.socket.write("HTTP/1.1 200 Connection Established\r\n\r\n");
    return converse(client, way);
  }
  return converse(client, way, { kind: "http", head });
}

function wishOf(head: RequestHead): Wish | null {
  const { form, authority, method, target } = head;
  if (form === "origin" || authority === null) return null;
  if (form === "authority") return { via: "connect", ...authority };
  return { via: "http", ...authority, method, path: pathOf(target) };
}

async function serveSocks(client: Client): Promise<void> {
  const { intake, socket } = client;
  const greeting = await intake.read(parseSocksGreeting);
  if (greeting === null) return client.cut();
  if (greeting.kind === "fault" || !greeting.offersNone) {
    const reason = greeting.kind === "fault" ? greeting.reason : "wants to log in, and the gate asks nobody to";
    return refuseSocks(client, { kind: "fault", code: "request_invalid", reason }, Uint8Array.of(5, 0xff));
  }
  intake.skip(greeting.length);
  socket.write(Uint8Array.of(5, 0));
  const request = await intake.read(parseSocksRequest);
  if (request === null) return client.cut();
  if (request.kind === "fault")
    return refuseSocks(client, request, socksReply("reply" in request ? request.reply : "general"));
  intake.skip(request.length);
  const way = await client.open(
    resolveFake(client, { via: "socks", host: request.host, port: request.port }),
    socksRefusal,
  );
  if (way === null) return;
  socket.write(socksReply("succeeded"));
  return converse(client, way);
}

function refuseSocks(client: Client, { code, reason }: Fault, answer: Uint8Array): void {
  const refusal = { code, rule: null, reason: `the request ${reason}`, allow: null };
  client.refuse({ via: "socks", host: UNKNOWN, port: client.port }, refusal, () => answer);
}

/** A client that looks names up by itself asks for the address that the gate's name server gave it. */
function resolveFake({ names }: Client, wish: Wish): Wish {
  return { ...wish, host: names.nameOf(wish.host) ?? wish.host };
}
