import { createHash } from "node:crypto";
import type { Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { addressOfHost, CoopError, canonicalHost, isLocalName, judgeAddress } from "coopd-core";
import type { Dial, DialTarget } from "./dial.ts";
import { exchange } from "./exchange.ts";
import { Connection, KeptConnections } from "./kept-connections.ts";

/** What a fetch over {@link Dial} is made of. */
export interface DialFetchParts {
  readonly dial: Dial;
  /** Certificates (PEM) that count besides those of the system; for tests. */
  readonly ca?: string;
  /** Never steps back, ms. */
  readonly nowMs?: () => number;
}

type Target = DialTarget & { readonly isTls: boolean };

/** Larger bodies are no requests to a model. */
const BODY_BYTES_MAX = 64 * 1024 * 1024;
/** From the connected socket to the end of the TLS handshake. */
const TLS_MS_MAX = 10_000;

/**
 * `fetch` over {@link Dial}, for brains and vaults: the name is resolved once and judged, the socket goes to the judged address,
 * TLS is verified against the name. Never follows a redirect (the answer itself is returned), never uses a proxy of the
 * environment. A connection, and with it the address that was judged, is kept for a next request to the same place with the
 * same key (KeptConnections). A host that literally is a loopback or private address, or `localhost`, is reached because
 * the address names it; every other name must resolve to public addresses only, whoever answers for it.
 *
 * Why not the runtime's fetch: measured with Bun 1.4.5, it follows HTTP_PROXY whatever `proxy` says, so it cannot be pinned.
 * @throws CoopError as `Dial` does; `bad_request` for what is no http(s) address; the network's error; the signal's reason
 */
export function createDialFetch({ dial, ca, nowMs = () => performance.now() }: DialFetchParts): typeof fetch {
  const kept = new KeptConnections(nowMs);
  async function dialFetch(input: string | URL | Request, init?: RequestInit): Promise<Response> {
    const request = new Request(input as Request, init); // takes all three; the runtime's types know two
    const { signal } = request;
    const target = readTarget(request.url);
    const body = await readBody(request);
    signal.throwIfAborted();
    const key = keyOf(target, request.headers);
    try {
      const connection = kept.take(key) ?? (await open(target, signal));
      return await exchange(request, body, connection, (idleMs) => kept.keep(key, connection, idleMs));
    } catch (error) {
      throw signal.aborted ? signal.reason : error;
    }
  }

  async function open(target: Target, signal: AbortSignal): Promise<Connection> {
    const { socket } = await dial(target, signal).catch((error: unknown) => {
      throw toNamedError(error);
    });
    try {
      return new Connection(target.isTls ? await secured(socket, target.host, ca, signal) : socket, nowMs());
    } catch (error) {
      socket.destroy();
      throw error;
    }
  }

  // The runtime's fetch has a `preconnect`, which would be a way around the dial.
  return Object.assign(dialFetch, { preconnect: () => {} });
}

function readTarget(text: string): Target {
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

/** Where a connection leads, and in whose name: one that has carried a key carries no other. */
function keyOf({ host, port, isTls }: Target, headers: Headers): string {
  const names = CREDENTIALS.map((name) => headers.get(name) ?? "");
  const whose = names.every((value) => value === "") ? "" : sha256(JSON.stringify(names));
  return `${isTls ? "https" : "http"} ${host} ${port} ${whose}`;
}

/** The headers that carry keys. */
const CREDENTIALS: readonly string[] = ["authorization", "x-api-key", "api-key", "cookie"];

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
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
function secured(socket: Socket, host: string, ca: string | undefined, signal: AbortSignal): Promise<Socket> {
  const { promise, resolve, reject } = Promise.withResolvers<Socket>();
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
