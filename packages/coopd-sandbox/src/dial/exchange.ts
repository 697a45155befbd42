import http, { type ClientRequest, type IncomingMessage } from "node:http";
import { type Duplex, Readable } from "node:stream";
import { createBrotliDecompress, createGunzip, createInflate } from "node:zlib";
import type { Connection } from "./kept-connections.ts";

/** One request over a connection; `keep` gets it back once the answer was read to its end and its server lets it be used again. */
export function exchange(
  request: Request,
  body: Uint8Array | null,
  connection: Connection,
  keep: (idleMs?: number) => void,
): Promise<Response> {
  const { promise, resolve, reject } = Promise.withResolvers<Response>();
  const url = new URL(request.url);
  const { signal } = request;
  const sent: ClientRequest = http.request({
    agent: connection.agent,
    method: request.method,
    host: url.hostname,
    path: url.pathname + url.search,
    headers: headersOf(request, url, body),
  });
  const abort = () => sent.destroy(signal.reason);
  signal.addEventListener("abort", abort, { once: true });
  const fail = (error: unknown) => {
    signal.removeEventListener("abort", abort);
    connection.close();
    reject(error);
  };
  sent.on("error", fail);
  sent.once("response", (answer) => {
    answer.once("end", () => {
      signal.removeEventListener("abort", abort);
      if (mayGoOn(answer, sent)) keep(idleMsOf(answer));
      else connection.close();
    });
    answer.once("close", () => {
      if (answer.complete && answer.readableEnded) return;
      signal.removeEventListener("abort", abort);
      connection.close();
    });
    try {
      resolve(toResponse(answer, request.method));
    } catch (error) {
      fail(error);
    }
  });
  sent.end(body ?? undefined);
  return promise;
}

/**
 * RFC 9112 §9.3: a connection is used again unless one side said close; an answer of HTTP/1.0 says it by being one, and so
 * does one whose end only the connection's end would show.
 */
function mayGoOn(answer: IncomingMessage, sent: ClientRequest): boolean {
  const { complete, httpVersion, headers, statusCode = 0 } = answer;
  const hasOwnEnd =
    headers["content-length"] !== undefined || headers["transfer-encoding"] !== undefined || BODILESS.has(statusCode);
  const isOver = complete && sent.writableFinished && hasOwnEnd;
  return isOver && httpVersion === "1.1" && !/\bclose\b/i.test(headers.connection ?? "");
}

/** How long the server says that it will wait; a second less, since its clock began earlier. */
function idleMsOf({ headers }: IncomingMessage): number | undefined {
  const said = /\btimeout=(\d{1,6})\b/i.exec(String(headers["keep-alive"] ?? ""))?.[1];
  return said === undefined ? undefined : (Number(said) - 1) * 1_000;
}

function headersOf(request: Request, url: URL, body: Uint8Array | null): Record<string, string> {
  const headers = Object.fromEntries(request.headers);
  headers.host = url.host;
  headers.connection = "keep-alive";
  headers["accept-encoding"] = "gzip, deflate, br";
  headers.accept ??= "*/*";
  delete headers["transfer-encoding"];
  delete headers["content-length"];
  if (body !== null) headers["content-length"] = String(body.length);
  return headers;
}

const BODILESS: ReadonlySet<number> = new Set([204, 205, 304]);

function toResponse(answer: IncomingMessage, method: string): Response {
  const headers = new Headers();
  for (let at = 0; at + 1 < answer.rawHeaders.length; at += 2) {
    headers.append(answer.rawHeaders[at] ?? "", answer.rawHeaders[at + 1] ?? "");
  }
  const status = answer.statusCode ?? 0;
  const init = { status, statusText: answer.statusMessage ?? "", headers };
  if (method === "HEAD" || BODILESS.has(status)) {
    answer.resume();
    return new Response(null, init);
  }
  const plain = decoded(answer, headers);
  return new Response(Readable.toWeb(plain) as unknown as ReadableStream<Uint8Array>, init);
}

/** The body without its coding, as fetch gives it; how large it may become is the reader's to bound. */
function decoded(answer: IncomingMessage, headers: Headers): Readable {
  const coding = headers.get("content-encoding")?.toLowerCase();
  const decoder = coding === undefined ? undefined : DECODERS[coding]?.();
  if (decoder === undefined) return answer;
  headers.delete("content-encoding");
  headers.delete("content-length");
  answer.once("error", (error) => decoder.destroy(error));
  decoder.once("close", () => answer.destroy());
  return answer.pipe(decoder);
}

const DECODERS: Readonly<Record<string, () => Duplex>> = {
  gzip: createGunzip,
  "x-gzip": createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
};
