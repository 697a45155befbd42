import http, { type ClientRequest, type IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import { type Duplex, Readable } from "node:stream";
import { connect as connectTls } from "node:tls";
import { createBrotliDecompress, createGunzip, createInflate } from "node:zlib";
import { addressOfHost, CoopError, canonicalHost, isLocalName, judgeAddress } from "coopd-core";
import type { Dial } from "./dial.ts";

/** What a fetch over {@link Dial} is made of. */
export interface DialFetchParts {
  readonly dial: Dial;
  /** Certificates (PEM) that count besides those of the system; for tests. */
  readonly ca?: string;
}

/** Larger bodies are no requests to a model. */
const BODY_BYTES_MAX = 64 * 1024 * 1024;
/** From the connected socket to the end of the TLS handshake. */
const TLS_MS_MAX = 10_000;

/**
 * `fetch` over {@link Dial}, for brains and vaults: the name is resolved once and judged, the socket goes to the judged address,
 * TLS is verified against the name. Never follows a redirect (the answer itself is returned), never uses a proxy of the
 * environment, never keeps a connection. A host that literally is a loopback or private address, or `localhost`, is reached because
 * the address names it; every other name must resolve to public addresses only, whoever answers for it.
 *
 * Why not the runtime's fetch: measured with Bun 1.4.5, it follows HTTP_PROXY whatever `proxy` says, so it cannot be pinned.
 * @throws CoopError as `Dial` does; `bad_request` for what is no http(s) address; the network's error; the signal's reason
 */
export function createDialFetch({ dial, ca }: DialFetchParts): typeof fetch {
  async function dialFetch(input: string | URL | Request, init?: RequestInit): Promise<Response> {
    const request = new Request(input as Request, init); // takes all three; the runtime's types know two
    const { signal } = request;
    const target = readTarget(request.url);
    const body = await readBody(request);
    signal.throwIfAborted();
    const { socket } = await dial(target, signal).catch((error: unknown) => {
      throw signal.aborted ? signal.reason : toNamedError(error);
    });
    try {
      const secure = target.isTls ? await secured(socket, target.host, ca, signal) : socket;
      return await exchange(request, body, secure, signal);
    } catch (error) {
      socket.destroy();
      throw signal.aborted ? signal.reason : error;
    }
  }
  // The runtime's fetch has a `preconnect`, which would be a way around the dial.
  return Object.assign(dialFetch, { preconnect: () => {} });
}

function readTarget(text: string): Parameters<Dial>[0] & { readonly isTls: boolean } {
  const url = new URL(text);
  const host = canonicalHost(url.hostname);
  if (
    (url.protocol !== "http:" && url.protocol !== "https:") ||
    host === null ||
    url.username !== "" ||
    url.password !== ""
  ) {
    throw new CoopError(
      "bad_request",
      `${url.protocol}//${url.hostname} is no http(s) address of a host without credentials`,
    );
  }
  const isTls = url.protocol === "https:";
  const address = addressOfHost(host);
  const mayBePrivate = address === null ? isLocalName(host) : judgeAddress(address) !== null;
  return { host, port: url.port === "" ? (isTls ? 443 : 80) : Number(url.port), mayBePrivate, isTls };
}

/** A rule of a hen's network, which the dial's refusal speaks of, is not what would help here. */
function toNamedError(error: unknown): unknown {
  if (!(error instanceof CoopError) || error.details?.code !== "private_address") return error;
  return new CoopError(error.code, error.message.replace(/; only a rule .*$/, ""), {
    details: error.details,
    next: "Write the address itself, as http://192.168.1.5:11434, or localhost: a name can be made to lead anywhere.",
    cause: error,
  });
}

async function readBody(request: Request): Promise<Uint8Array | null> {
  if (request.body === null) return null;
  const bytes = new Uint8Array(await request.arrayBuffer());
  if (bytes.length > BODY_BYTES_MAX) throw new CoopError("body_too_large", "a request of more than 64 MiB is not sent");
  return bytes;
}

/** TLS over a connected socket, verified whatever NODE_TLS_REJECT_UNAUTHORIZED says. */
function secured(socket: Socket, host: string, ca: string | undefined, signal: AbortSignal): Promise<Duplex> {
  const { promise, resolve, reject } = Promise.withResolvers<Duplex>();
  const address = addressOfHost(host);
  const secure = connectTls({
    socket,
    ...(address === null ? { servername: host } : { host: address }),
    ...(ca === undefined ? {} : { ca }),
    rejectUnauthorized: true,
    ALPNProtocols: ["http/1.1"],
  });
  const fail = (error: unknown) => {
    settle();
    secure.on("error", () => {});
    secure.destroy();
    reject(error);
  };
  const timer = setTimeout(
    () => fail(new CoopError("timeout", `${host} did not finish TLS within ${TLS_MS_MAX} ms`)),
    TLS_MS_MAX,
  );
  const abort = () => fail(signal.reason);
  const closed = () => fail(new CoopError("unreachable", `${host} closed during TLS`));
  const settle = () => {
    clearTimeout(timer);
    signal.removeEventListener("abort", abort);
    secure.off("error", fail).off("close", closed);
  };
  signal.addEventListener("abort", abort, { once: true });
  secure.once("error", fail).once("close", closed);
  secure.once("secureConnect", () => {
    settle();
    resolve(secure);
  });
  return promise;
}

/** Gives one request one socket. An agent is the only way in that Bun heeds; `createConnection` as an option it does not. */
class OneSocketAgent extends http.Agent {
  readonly #socket: Duplex;

  constructor(socket: Duplex) {
    super({ keepAlive: false, maxSockets: 1 });
    this.#socket = socket;
  }

  override createConnection(): Duplex {
    return this.#socket;
  }
}

function exchange(request: Request, body: Uint8Array | null, socket: Duplex, signal: AbortSignal): Promise<Response> {
  const { promise, resolve, reject } = Promise.withResolvers<Response>();
  const url = new URL(request.url);
  const sent: ClientRequest = http.request({
    agent: new OneSocketAgent(socket),
    method: request.method,
    host: url.hostname,
    path: url.pathname + url.search,
    headers: headersOf(request, url, body),
  });
  const abort = () => sent.destroy(signal.reason);
  signal.addEventListener("abort", abort, { once: true });
  const settle = () => {
    signal.removeEventListener("abort", abort);
    socket.destroy();
  };
  sent.once("error", (error) => {
    settle();
    reject(error);
  });
  sent.once("response", (answer) => {
    answer.once("close", settle);
    try {
      resolve(toResponse(answer, request.method));
    } catch (error) {
      settle();
      reject(error);
    }
  });
  sent.end(body ?? undefined);
  return promise;
}

function headersOf(request: Request, url: URL, body: Uint8Array | null): Record<string, string> {
  const headers = Object.fromEntries(request.headers);
  headers.host = url.host;
  headers.connection = "close";
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
