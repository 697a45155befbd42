import type { ContentBlock } from "coopd-core";
import { listOf, recordOf, textOf } from "../wire/loose-json.ts";
import { callBlock, end, start, textBlock } from "./wire/anthropic-wire.ts";
import { call, chunk, counted, DONE } from "./wire/chat-wire.ts";

/** One answer of a conversation that is the same on every wire. */
export interface Turn {
  readonly content: readonly ContentBlock[];
  readonly usage: { readonly input: number; readonly output: number; readonly cached: number };
}

export type ConversationWire = "anthropic" | "openai" | "openai-compat";

export interface ConversationServer extends Disposable {
  /** For a manifest's `base_url`. */
  readonly baseUrl: string;
  /** The answers that were asked for, by number, and what was wrong with a request. */
  readonly asked: readonly number[];
  readonly faults: readonly string[];
}

/**
 * A loopback server that holds a conversation: which answer is next is read off the request, so one that is asked again gets
 * the same. As the providers do, it refuses a request in which a call has no result.
 */
export function serveConversation(wire: ConversationWire, turns: readonly Turn[]): ConversationServer {
  const asked: number[] = [];
  const faults: string[] = [];
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    async fetch(request) {
      const { messages } = recordOf(await request.json());
      const told = listOf(messages).map(recordOf);
      const fault = wire === "anthropic" ? faultOfMessages(told) : faultOfChat(told);
      if (fault !== undefined) {
        faults.push(fault);
        return Response.json({ error: { type: "invalid_request_error", message: fault } }, { status: 400 });
      }
      const number = told.filter(({ role }) => role === "assistant").length;
      asked.push(number);
      const turn = turns[number];
      if (turn === undefined) return Response.json({ error: { message: "all was said" } }, { status: 400 });
      const body = wire === "anthropic" ? toMessageEvents(turn) : toChatChunks(turn);
      return new Response(body, { headers: { "content-type": "text/event-stream" } });
    },
  });
  return {
    baseUrl: `http://127.0.0.1:${server.port}/v1`,
    asked,
    faults,
    [Symbol.dispose]: () => void server.stop(true),
  };
}

function toMessageEvents({ content, usage }: Turn): string {
  const blocks = content.map((block, index) => {
    if (block.type === "text") return textBlock(index, ...(block.text.match(/[\s\S]{1,7}/g) ?? []));
    if (block.type !== "tool_call") return "";
    return callBlock(index, block.id, block.name, ...(jsonOf(block.input).match(/[\s\S]{1,5}/g) ?? []));
  });
  const input = { input_tokens: usage.input, cache_read_input_tokens: usage.cached, output_tokens: 1 };
  const reason = hasCalls(content) ? "tool_use" : "end_turn";
  return [start(input), ...blocks, end(reason, { output_tokens: usage.output })].join("");
}

function toChatChunks({ content, usage }: Turn): string {
  const calls = content.filter((block) => block.type === "tool_call");
  const texts = content.flatMap((block) => (block.type === "text" ? (block.text.match(/[\s\S]{1,7}/g) ?? []) : []));
  return [
    chunk({ role: "assistant", content: null }),
    ...texts.map((part) => chunk({ content: part })),
    ...calls.flatMap(({ id, name, input }, index) => [
      call(index, { name, arguments: "" }, { id }),
      ...(jsonOf(input).match(/[\s\S]{1,5}/g) ?? []).map((part) => call(index, { arguments: part })),
    ]),
    chunk({}, calls.length > 0 ? "tool_calls" : "stop"),
    counted({
      prompt_tokens: usage.input + usage.cached,
      completion_tokens: usage.output,
      prompt_tokens_details: { cached_tokens: usage.cached },
    }),
    DONE,
  ].join("");
}

function hasCalls(content: readonly ContentBlock[]): boolean {
  return content.some(({ type }) => type === "tool_call");
}

/** Input that is a text stands for JSON that does not parse. */
function jsonOf(input: unknown): string {
  return typeof input === "string" ? input : JSON.stringify(input);
}

type Told = readonly Readonly<Record<string, unknown>>[];

function faultOfMessages(messages: Told): string | undefined {
  for (const [index, { role, content }] of messages.entries()) {
    if (role !== "assistant") continue;
    const ids = (value: unknown, type: string, field: string) =>
      listOf(value)
        .map(recordOf)
        .filter((block) => block.type === type)
        .map((block) => textOf(block[field]));
    const called = ids(content, "tool_use", "id");
    const answered = ids(messages[index + 1]?.content, "tool_result", "tool_use_id");
    if (called.join() !== answered.join()) return `calls ${called.join()} have results ${answered.join()}`;
  }
  return undefined;
}

function faultOfChat(messages: Told): string | undefined {
  for (const [index, { role, tool_calls }] of messages.entries()) {
    if (role !== "assistant") continue;
    const called = listOf(tool_calls).map((it) => textOf(recordOf(it).id));
    const answered = messages.slice(index + 1, index + 1 + called.length).map((it) => textOf(it.tool_call_id));
    if (called.join() !== answered.join()) return `calls ${called.join()} have results ${answered.join()}`;
  }
  return undefined;
}
