import { expect } from "bun:test";
import type { BrainChunk, BrainRequest, BrainResponse } from "coopd-core";
import { createMessagesBrain, type MessagesBrainParts } from "../anthropic/messages-brain.ts";
import { type ChatBrainParts, createChatBrain } from "../openai/chat-brain.ts";
import type { RetryTime } from "../wire/retries.ts";

/** What a request looked like when it came in. */
export interface SeenRequest {
  readonly path: string;
  readonly headers: Headers;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface ModelServer extends Disposable {
  readonly baseUrl: string;
  readonly seen: readonly SeenRequest[];
}

/** A loopback server that answers each request as `answer` says; `count` is the number of requests before this one. */
export function openModelServer(
  answer: (request: SeenRequest, count: number, raw: Request) => Response | Promise<Response>,
): ModelServer {
  const seen: SeenRequest[] = [];
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    idleTimeout: 0,
    async fetch(raw) {
      const body = (await raw.json().catch(() => ({}))) as SeenRequest["body"];
      const request = { path: new URL(raw.url).pathname, headers: raw.headers, body };
      seen.push(request);
      return answer(request, seen.length - 1, raw);
    },
  });
  return {
    baseUrl: `http://127.0.0.1:${server.port}/v1`,
    seen,
    [Symbol.dispose]: () => void server.stop(true),
  };
}

/** A loopback server that writes these bytes to each connection, whatever it is asked, and then does what `end` says. */
export function openRawServer(
  pieces: readonly Uint8Array[],
  end: "close" | "reset" | "hang" = "close",
): { readonly baseUrl: string; readonly connections: () => number } & Disposable {
  let connections = 0;
  const server = Bun.listen({
    port: 0,
    hostname: "127.0.0.1",
    socket: {
      open() {
        connections += 1;
      },
      async data(socket) {
        for (const piece of pieces) {
          socket.write(piece);
          socket.flush();
          await Bun.sleep(0);
        }
        if (end === "close") socket.end();
        if (end === "reset") socket.terminate();
      },
    },
  });
  return {
    baseUrl: `http://127.0.0.1:${server.port}/v1`,
    connections: () => connections,
    [Symbol.dispose]: () => server.stop(true),
  };
}

export function bytes(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

/** For `toThrow`: an error with this code whose message is or matches this. */
export function refusedWith(code: string, message: RegExp | string) {
  return expect.objectContaining({
    code,
    message: typeof message === "string" ? message : expect.stringMatching(message),
  });
}

export const SSE = { headers: { "content-type": "text/event-stream" } } as const;

export function sseOf(...events: readonly unknown[]): string {
  return events.map((event) => `data: ${typeof event === "string" ? event : JSON.stringify(event)}\n\n`).join("");
}

/** A chunk with this delta. */
export function chunkOf(delta: unknown, finish_reason: string | null = null): unknown {
  return { id: "c", object: "chat.completion.chunk", choices: [{ index: 0, delta, finish_reason }] };
}

/** A body with this message. */
export function wholeOf(message: unknown, finish_reason: string | null = "stop"): unknown {
  return { id: "c", object: "chat.completion", choices: [{ index: 0, message, finish_reason }], usage: null };
}

export function requestOf(parts: Partial<BrainRequest> = {}): BrainRequest {
  const messages = [{ role: "user", content: "hi" }] as const;
  return { system: "", messages, tools: [], temperature: 0.7, max_tokens: 4096, stop_seq: [], ...parts };
}

/** An OpenAI-compatible brain whose retries do not wait. */
export function brainAt(baseUrl: string, parts: Partial<ChatBrainParts> = {}) {
  const time = createRetryTime();
  return createChatBrain({
    provider: "openai-compat",
    baseUrl,
    model: "tiny",
    fetch: globalThis.fetch,
    time,
    ...parts,
  });
}

/** An Anthropic brain whose retries do not wait. */
export function messagesBrainAt(baseUrl: string, parts: Partial<MessagesBrainParts> = {}) {
  const time = createRetryTime();
  return createMessagesBrain({ baseUrl, model: "tiny", fetch: globalThis.fetch, time, ...parts });
}

/** Time that passes only where somebody sleeps, and then at once; `slept` is what was waited, ms. */
export function createRetryTime(): RetryTime & { readonly slept: readonly number[] } {
  const slept: number[] = [];
  return {
    slept,
    nowMs: () => slept.reduce((sum, ms) => sum + ms, 0),
    random: () => 1,
    async sleep(ms, signal) {
      signal.throwIfAborted();
      slept.push(ms);
    },
  };
}

export interface Answer {
  readonly deltas: readonly string[];
  readonly response: BrainResponse;
}

interface Asked {
  stream(request: BrainRequest, signal: AbortSignal): AsyncIterable<BrainChunk>;
}

/** Asks once; fails the test when the stream does not end with exactly one final chunk. */
export async function ask(
  brain: Asked,
  request: BrainRequest = requestOf(),
  signal: AbortSignal = new AbortController().signal,
): Promise<Answer> {
  const deltas: string[] = [];
  let response: BrainResponse | undefined;
  for await (const chunk of brain.stream(request, signal)) {
    if (response !== undefined) throw new Error("a chunk came behind the final one");
    if (chunk.type === "text") deltas.push(chunk.delta);
    if (chunk.type === "restart") deltas.length = 0;
    if (chunk.type === "final") response = chunk.response;
  }
  if (response === undefined) throw new Error("no final chunk came");
  return { deltas, response };
}

/** Asks once; also what was surfaced, as one who watches has it in the end. */
export async function askWith(brain: Asked, request: BrainRequest) {
  const shown = { text: "", thought: "" };
  const watched: Asked = {
    async *stream(asked, signal) {
      for await (const chunk of brain.stream(asked, signal)) {
        if (chunk.type === "text") shown.text += chunk.delta;
        if (chunk.type === "thinking") shown.thought += chunk.delta;
        if (chunk.type === "restart") Object.assign(shown, { text: "", thought: "" });
        yield chunk;
      }
    },
  };
  const { response } = await ask(watched, request);
  return { response, ...shown };
}
