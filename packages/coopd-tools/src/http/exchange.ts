import { Agent, type IncomingMessage, request } from "node:http";
import type { Socket } from "node:net";
import { CoopError } from "coopd-core";
import type { HttpRequest } from "./http-request.ts";
import { ACCEPT_ENCODING, type BodyStart, readBody } from "./read-body.ts";

/** As the original names itself; a header of the call's own replaces it. */
const USER_AGENT = "coopd-tools/0.1.0";
/** Four times what servers commonly send; an endless header ends here. */
const HEADER_BYTES_MAX = 65_536;

/** One answer, its body read as far as it is wanted. */
export interface HttpAnswer extends BodyStart {
  readonly status: number;
  /** Names in lower case; several of one name joined by commas (RFC 9110 §5.3). */
  readonly headers: Readonly<Record<string, string>>;
  readonly location: string | undefined;
}

/**
 * One request over one socket, which is used for nothing else: Node's client with an agent that has only this socket, so
 * there is no second look-up that could lead elsewhere (weaknesses A9). Its parser refuses answers that can be read in two
 * ways: two lengths, a length and chunks, bare line feeds.
 * @throws CoopError `tool_failed`; the signal's reason
 */
export async function exchange(
  { method, url, headers, body }: HttpRequest,
  socket: Socket,
  signal: AbortSignal,
): Promise<HttpAnswer> {
  const outgoing = request({
    agent: new OneSocketAgent(socket),
    method,
    path: `${url.pathname}${url.search}`,
    setHost: false,
    maxHeaderSize: HEADER_BYTES_MAX,
    headers: {
      host: url.host,
      "user-agent": USER_AGENT,
      accept: "*/*",
      "accept-encoding": ACCEPT_ENCODING,
      ...Object.fromEntries(headers),
      ...(body === undefined && !EXPECTS_BODY.includes(method) ? {} : { "content-length": String(body?.length ?? 0) }),
    },
  });
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const giveUp = () => outgoing.destroy(new Error("given up"));
  signal.addEventListener("abort", giveUp, { once: true });
  try {
    outgoing.once("response", resolve);
    outgoing.on("error", reject);
    outgoing.once("upgrade", () => reject(new Error("it answered with another protocol")));
    outgoing.once("close", () => reject(new Error("the connection was closed without an answer")));
    if (signal.aborted) throw signal.reason;
    outgoing.end(body);
    return await toAnswer(await promise);
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    if (error instanceof CoopError) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new CoopError("tool_failed", `no usable answer from ${url.host}: ${why}`, { cause: error });
  } finally {
    signal.removeEventListener("abort", giveUp);
    outgoing.destroy();
    socket.destroy();
  }
}

/** A server may wait for a length with these (RFC 9110 §8.6). */
const EXPECTS_BODY: readonly string[] = ["POST", "PUT", "PATCH"];

/** Hands out the one socket that it was made with. */
class OneSocketAgent extends Agent {
  readonly #socket: Socket;

  constructor(socket: Socket) {
    super({ keepAlive: false, maxSockets: 1 });
    this.#socket = socket;
  }

  override createConnection(): Socket {
    return this.#socket;
  }
}

async function toAnswer(message: IncomingMessage): Promise<HttpAnswer> {
  message.on("error", () => undefined); // the reader hears of it; once it has enough nobody does
  const start = await readBody(message);
  const headers = new Map<string, string>();
  for (let at = 0; at + 1 < message.rawHeaders.length; at += 2) {
    const name = (message.rawHeaders[at] ?? "").toLowerCase();
    const value = message.rawHeaders[at + 1] ?? "";
    const before = headers.get(name);
    headers.set(name, before === undefined ? value : `${before}, ${value}`);
  }
  return {
    ...start,
    status: message.statusCode ?? 0,
    headers: Object.fromEntries(headers),
    location: message.headers.location,
  };
}
