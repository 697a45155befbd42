import { toAddress } from "../api/route.ts";
import { clipText, notCoop } from "../http/answer-body.ts";
import { toSocketUrl } from "../http/base-url.ts";
import type { Transport } from "../http/transport.ts";
import { connectSocket, explainRefusal, keepAlive, type SocketTimes } from "../http/web-socket.ts";

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

/** Frames that a slow reader has not taken; beyond, the connection is closed and the rest is fetched again behind `since`. */
const UNREAD_MAX = 10_000;

/** @throws CoopError `unauthorized`, `host_refused`, `not_found`, `unreachable`, `timeout`, `cancelled`, `bad_answer` */
export async function openWatchSocket(
  transport: Transport,
  wish: WatchWish,
  times: SocketTimes,
  signal: AbortSignal | undefined,
): Promise<WatchSocket> {
  const query = { since: wish.since, types: wish.types?.join(","), hen: wish.hen };
  const ask = () => transport.send("GET /watch", { query, signal });
  const url = toSocketUrl(transport.baseUrl, toAddress("GET /watch", { query }).path);
  const socket = connectSocket(url, transport.headers);
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
    throw await explainRefusal(transport, ask, signal, unread.ended === "no handshake", times);
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
