import { createServer, type Socket } from "node:net";
import type { BrainRequest, BrainUsage, ContentBlock } from "coopd-core";

/** One HTTP answer, byte for byte. */
export interface WireAnswer {
  /** 200 unless given. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Each is written by itself, as a chunk of its own. */
  readonly pieces: readonly (string | Uint8Array)[];
  /** `cut` closes the connection before the body has ended, `reset` tears it down; `whole` unless given. */
  readonly end?: "whole" | "cut" | "reset";
}

/** What a server sends, and what an adapter must make of it. Written for this project. */
export interface WireFixture {
  readonly name: string;
  readonly request?: Partial<BrainRequest>;
  /** One for each time that is asked; the last one repeats. */
  readonly answers: readonly WireAnswer[];
  readonly expected: Decoded | Failed;
  /** How often the server is asked, once unless given. */
  readonly asked?: number;
}

export interface Decoded {
  readonly content: readonly ContentBlock[];
  /** `end_turn` unless given. */
  readonly finish_reason?: string;
  readonly usage?: BrainUsage;
  /** The text as it was surfaced; for a stream it is all of it unless given. */
  readonly surfaced?: string;
  readonly thought?: string;
}

export interface Failed {
  readonly code: string;
  readonly message: string;
  /** The error's details hold an instant to come back at. */
  readonly isTimed?: boolean;
}

export interface WireServer extends AsyncDisposable {
  readonly origin: string;
  /** Paths and bodies that were asked, in order. */
  readonly asked: readonly { readonly path: string; readonly body: unknown }[];
}

/** A loopback server that speaks HTTP/1.1 by hand, so that the bytes and their pieces are exactly the fixture's. */
export async function serveWire(answers: readonly WireAnswer[]): Promise<WireServer> {
  const asked: { path: string; body: unknown }[] = [];
  const server = createServer((socket) => {
    socket.setNoDelay(true);
    socket.on("error", () => socket.destroy()); // the client has hung up; the fixture says whether it may
    let received: Buffer = Buffer.alloc(0);
    socket.on("data", (bytes: Buffer) => {
      received = Buffer.concat([received, bytes]);
      const request = parseRequest(received);
      if (request === undefined) return;
      received = Buffer.alloc(0);
      asked.push(request);
      const answer = answers[Math.min(asked.length, answers.length) - 1];
      if (answer !== undefined) void writeAnswer(socket, answer);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  return {
    origin: `http://127.0.0.1:${address.port}`,
    asked,
    [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

function parseRequest(received: Buffer): { readonly path: string; readonly body: unknown } | undefined {
  const head = received.indexOf("\r\n\r\n");
  if (head < 0) return undefined;
  const lines = received.subarray(0, head).toString("latin1").split("\r\n");
  const length = Number(
    lines.map((line) => /^content-length: *(\d+)$/i.exec(line)?.[1]).find((it) => it !== undefined),
  );
  const body = received.subarray(head + 4);
  if (body.length < length) return undefined;
  return { path: lines[0]?.split(" ")[1] ?? "", body: JSON.parse(body.toString()) };
}

async function writeAnswer(socket: Socket, { status = 200, headers = {}, pieces, end = "whole" }: WireAnswer) {
  const fields = {
    "content-type": "text/event-stream",
    ...headers,
    connection: "close",
    "transfer-encoding": "chunked",
  };
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.write(`HTTP/1.1 ${status} Said\r\n${lines.join("")}\r\n`);
  for (const piece of pieces) {
    const bytes = typeof piece === "string" ? new TextEncoder().encode(piece) : piece;
    if (bytes.length === 0) continue;
    const size = new TextEncoder().encode(`${bytes.length.toString(16)}\r\n`);
    socket.write(Buffer.concat([size, bytes, new TextEncoder().encode("\r\n")]));
    await new Promise((resolve) => setImmediate(resolve));
  }
  if (end === "whole") socket.end("0\r\n\r\n");
  if (end === "cut") socket.end();
  if (end === "reset") socket.resetAndDestroy();
}

/** The bytes of a text, each in a piece of its own. */
export function byteByByte(text: string): readonly Uint8Array[] {
  return Array.from(new TextEncoder().encode(text), (byte) => Uint8Array.of(byte));
}
