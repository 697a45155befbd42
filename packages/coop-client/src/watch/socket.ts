import { CoopError } from "coopd-core";
import { clipText, notCoop } from "../http/answer-body.ts";
import { toSocketUrl } from "../http/base-url.ts";
import { toQuery } from "../http/path-segment.ts";
import type { Transport } from "../http/transport.ts";

/** One open `/watch` connection: text frames, one JSON object each, `type` first (contract/http-api.md §5.1). */
export interface WatchSocket {
  /**
   * The frames in order; ends when the connection does. What arrived before that is delivered first.
   * @throws CoopError `bad_answer` for a frame that is no JSON object with a `type`
   */
  frames(): AsyncGenerator<WatchFrame>;
  /** Why it ended, for a person; undefined while it is open. */
  readonly ended: string | undefined;
  /** Whoever opened it closes it; closing twice is fine. */
  close(): void;
}

/** One frame as it came; its other fields are not checked. */
export interface WatchFrame {
  readonly type: string;
  readonly [field: string]: unknown;
}

/** What a watcher wants to be told. */
export interface WatchWish {
  readonly since: number | undefined;
  readonly types: readonly string[] | undefined;
  readonly hen: string | undefined;
}

export interface SocketTimes {
  /** The handshake's deadline. */
  readonly openMs: number;
  /** A connection without a sign of life for two of these is taken for dead: a cut cable sends no FIN. */
  readonly pingMs: number;
}

/** A handshake is one round trip; pings are rare enough to cost nothing and tell within a minute. */
export const SOCKET_TIMES: SocketTimes = { openMs: 10_000, pingMs: 30_000 };

/** Frames that a slow reader has not taken; beyond, the connection is closed and the rest is fetched again behind `since`. */
const UNREAD_MAX = 10_000;

/** The parts of Bun's and Node's sockets that a browser's lacks. */
type PingingSocket = WebSocket & { ping?(): void; addEventListener(type: "pong", listener: () => void): void };

/** @throws CoopError `unauthorized`, `host_refused`, `not_found`, `unreachable`, `timeout`, `cancelled`, `bad_answer` */
export async function openWatchSocket(
  transport: Transport,
  wish: WatchWish,
  times: SocketTimes,
  signal: AbortSignal | undefined,
): Promise<WatchSocket> {
  const path = `/watch${toQuery({ since: wish.since, types: wish.types?.join(","), hen: wish.hen })}`;
  const url = toSocketUrl(transport.baseUrl, path);
  const socket = connect(url, transport.headers);
  const unread = new UnreadFrames(transport.baseUrl);
  socket.addEventListener("message", (message) => {
    if (unread.push(message.data) > UNREAD_MAX) close("the reader is slower than the farm");
  });
  const opened = new Promise<boolean>((resolve) => {
    socket.addEventListener("open", () => resolve(true), { once: true });
    socket.addEventListener("close", (event) => {
      resolve(false);
      unread.end(event.reason === "" ? "the connection broke off" : clipText(event.reason));
    });
  });
  const close = (reason: string) => {
    unread.end(reason);
    socket.close();
  };
  const giveUp = () => close("given up");
  signal?.addEventListener("abort", giveUp, { once: true });
  if (signal?.aborted === true) giveUp();
  const deadline = setTimeout(() => close("no handshake"), times.openMs);
  const isOpen = await opened;
  clearTimeout(deadline);
  if (!isOpen) {
    signal?.removeEventListener("abort", giveUp);
    throw await explainRefusal(transport, path, signal, unread.ended === "no handshake", times);
  }
  const stopPinging = keepAlive(socket, times.pingMs, () => close("no sign of life"));
  return {
    frames: () => unread.read(),
    get ended() {
      return unread.ended;
    },
    close() {
      stopPinging();
      signal?.removeEventListener("abort", giveUp);
      close("closed");
    },
  };
}

/** Browsers cannot set headers on a WebSocket and log in by cookie; a token needs a runtime that can. */
function connect(url: string, headers: Readonly<Record<string, string>>): PingingSocket {
  const { authorization } = headers;
  if (authorization === undefined) return new WebSocket(url);
  return new WebSocket(url, { headers: { authorization } } as unknown as string[]);
}

/** A failed handshake tells a client nothing (RFC 6455 §4.1 leaves it to the API), so the same path is asked by GET. */
async function explainRefusal(
  transport: Transport,
  path: string,
  signal: AbortSignal | undefined,
  isTimeout: boolean,
  times: SocketTimes,
): Promise<CoopError> {
  if (signal?.aborted === true) return new CoopError("cancelled", "given up");
  if (isTimeout) {
    return new CoopError("timeout", `no WebSocket handshake from ${transport.baseUrl} within ${times.openMs / 1000} s`);
  }
  try {
    await transport.send(path, { signal });
  } catch (error) {
    if (error instanceof CoopError && error.code !== "bad_request") return error;
  }
  return notCoop(transport.baseUrl, "no WebSocket: it takes no more watchers, or a proxy in between lets none through");
}

function keepAlive(socket: PingingSocket, pingMs: number, lost: () => void): () => void {
  if (socket.ping === undefined) return () => {};
  let lastSignMs = performance.now();
  const heard = () => {
    lastSignMs = performance.now();
  };
  socket.addEventListener("pong", heard);
  socket.addEventListener("message", heard);
  const timer = setInterval(() => {
    if (performance.now() - lastSignMs > 2 * pingMs) lost();
    else socket.ping?.();
  }, pingMs);
  return () => clearInterval(timer);
}

/** Frames between the socket, which pushes, and the reader, which pulls. */
class UnreadFrames {
  ended: string | undefined;
  readonly #baseUrl: string;
  readonly #frames: unknown[] = [];
  #wake: (() => void) | undefined;

  constructor(baseUrl: string) {
    this.#baseUrl = baseUrl;
  }

  /** @returns how many are unread */
  push(frame: unknown): number {
    if (this.ended === undefined) this.#frames.push(frame);
    this.#wake?.();
    return this.#frames.length;
  }

  end(reason: string): void {
    this.ended ??= reason;
    this.#wake?.();
  }

  async *read(): AsyncGenerator<WatchFrame> {
    for (;;) {
      const batch = this.#frames.splice(0);
      for (const frame of batch) yield parseFrame(frame, this.#baseUrl);
      if (this.#frames.length > 0) continue;
      if (this.ended !== undefined) return;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      this.#wake = undefined;
    }
  }
}

function parseFrame(frame: unknown, baseUrl: string): WatchFrame {
  try {
    const value: unknown = JSON.parse(String(frame));
    if (typeof value === "object" && value !== null && "type" in value && typeof value.type === "string") {
      return value as WatchFrame;
    }
  } catch {
    // said below, as for JSON of another shape
  }
  throw notCoop(baseUrl, `a frame on /watch that is no event: ${clipText(String(frame))}`);
}
