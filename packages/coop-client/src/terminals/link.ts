import type { ShellNotice } from "coopd-core";
import { type PartsOf, toAddress } from "../api/route.ts";
import { clipText } from "../http/answer-body.ts";
import { toSocketUrl } from "../http/base-url.ts";
import type { Transport } from "../http/transport.ts";
import { connectSocket, explainRefusal, keepAlive, SOCKET_TIMES } from "../http/web-socket.ts";

/** How one attaches. */
export interface TerminalLinkOptions {
  readonly cols: number;
  readonly rows: number;
  /** Only watches; the daemon opens no terminal for it. */
  readonly isReadOnly?: boolean | undefined;
  /** Told beside the output, as it comes: `attached` first, sizes, who else is there. The end is in `ending`. */
  readonly onNotice?: ((notice: ShellNotice) => void) | undefined;
}

/** How a link ended: the program did, the daemon said why, the connection broke, or it was closed here. */
export type TerminalEnding =
  | { readonly kind: "exit"; readonly code: number }
  | { readonly kind: "error" | "lost"; readonly message: string }
  | { readonly kind: "closed" };

/** A client of one hen's terminal. Whoever opens it closes it. */
export interface TerminalLink {
  /** Output as it comes, until the end. A piece counts as taken when the next is asked for: a slow reader slows the program. */
  output(): AsyncGenerator<Uint8Array>;
  /** Keys and pastes, at most 256 KiB a call. */
  type(bytes: Uint8Array): void;
  resize(cols: number, rows: number): void;
  /** Set once it has ended. */
  readonly ending: TerminalEnding | undefined;
  close(): void;
}

/** @throws CoopError `unauthorized`, `host_refused`, `unreachable`, `timeout`, `bad_answer` */
export async function openTerminalLink(
  transport: Transport,
  henId: string,
  options: TerminalLinkOptions,
): Promise<TerminalLink> {
  const parts = toParts(henId, options);
  const { path } = toAddress("GET /hens/{id}/shell", parts);
  const socket = connectSocket(toSocketUrl(transport.baseUrl, path), transport.headers);
  socket.binaryType = "arraybuffer";
  const inbox = new Inbox();
  socket.addEventListener("message", ({ data }) => hear(data, inbox, options));
  const opened = new Promise<boolean>((resolve) => {
    socket.addEventListener("open", () => resolve(true), { once: true });
    socket.addEventListener("close", ({ reason }) => {
      resolve(false);
      inbox.end({ kind: "lost", message: reason === "" ? "the connection broke off" : clipText(reason) });
    });
  });
  const deadline = setTimeout(() => socket.close(), SOCKET_TIMES.openMs);
  const startMs = performance.now();
  const isOpen = await opened;
  clearTimeout(deadline);
  if (!isOpen) {
    const isTimeout = performance.now() - startMs >= SOCKET_TIMES.openMs;
    throw await explainRefusal(
      transport,
      () => transport.send("GET /hens/{id}/shell", parts),
      undefined,
      isTimeout,
      SOCKET_TIMES,
    );
  }
  const lost = () => {
    inbox.end({ kind: "lost", message: "no sign of life" });
    socket.close();
  };
  const stopPinging = keepAlive(socket, SOCKET_TIMES.pingMs, lost);
  const send = (frame: object) => {
    if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(frame));
  };
  return {
    output: () => inbox.read((bytes) => send({ type: "ack", bytes })),
    type(bytes) {
      if (socket.readyState === WebSocket.OPEN) socket.send(bytes);
    },
    resize: (nextCols, nextRows) => send({ type: "resize", cols: nextCols, rows: nextRows }),
    get ending() {
      return inbox.ending;
    },
    close() {
      stopPinging();
      inbox.end({ kind: "closed" });
      socket.close();
    },
  };
}

function hear(data: unknown, inbox: Inbox, { onNotice }: TerminalLinkOptions): void {
  if (typeof data !== "string") {
    inbox.push(new Uint8Array(data as ArrayBuffer));
    return;
  }
  const notice = JSON.parse(data) as ShellNotice;
  inbox.notice(notice);
  onNotice?.(notice);
}

function toParts(henId: string, { cols, rows, isReadOnly }: TerminalLinkOptions): PartsOf<"GET /hens/{id}/shell"> {
  return { path: { id: henId }, query: { acks: true, cols, rows, read_only: isReadOnly === true ? true : undefined } };
}

/** Output between the socket, which pushes, and the reader, which pulls; acks keep it to about half a MiB. */
class Inbox {
  ending: TerminalEnding | undefined;
  readonly #pieces: Uint8Array[] = [];
  #wake: (() => void) | undefined;

  push(piece: Uint8Array): void {
    this.#pieces.push(piece);
    this.#wake?.();
  }

  notice(notice: ShellNotice): void {
    if (notice.type === "exit") this.end({ kind: "exit", code: notice.code });
    if (notice.type === "error") this.end({ kind: "error", message: notice.message });
  }

  end(ending: TerminalEnding): void {
    this.ending ??= ending;
    this.#wake?.();
  }

  async *read(taken: (bytes: number) => void): AsyncGenerator<Uint8Array> {
    for (;;) {
      for (const piece of this.#pieces.splice(0)) {
        yield piece;
        taken(piece.length);
      }
      if (this.#pieces.length > 0) continue;
      if (this.ending !== undefined) return;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      this.#wake = undefined;
    }
  }
}
