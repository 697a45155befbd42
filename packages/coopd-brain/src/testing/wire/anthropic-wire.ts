import type { BrainRequest } from "coopd-core";
import type { WireAnswer } from "./serve-wire.ts";

/** An event as Anthropic sends it. */
export function event(type: string, fields: object = {}): string {
  return `event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`;
}

export function start(usage: object = { input_tokens: 11, output_tokens: 1 }): string {
  const message = {
    id: "msg_1",
    type: "message",
    role: "assistant",
    model: "m",
    content: [],
    stop_reason: null,
    usage,
  };
  return event("message_start", { message });
}

export function open(index: number, content_block: object): string {
  return event("content_block_start", { index, content_block });
}

export function delta(index: number, fields: object): string {
  return event("content_block_delta", { index, delta: fields });
}

export function textBlock(index: number, ...parts: readonly string[]): string {
  const deltas = parts.map((text) => delta(index, { type: "text_delta", text }));
  return [open(index, { type: "text", text: "" }), ...deltas, event("content_block_stop", { index })].join("");
}

export function callBlock(index: number, id: string, name: string, ...json: readonly string[]): string {
  const deltas = json.map((partial_json) => delta(index, { type: "input_json_delta", partial_json }));
  const block = open(index, { type: "tool_use", id, name, input: {} });
  return [block, ...deltas, event("content_block_stop", { index })].join("");
}

export function end(stop_reason = "end_turn", usage: object = { output_tokens: 7 }): string {
  return event("message_delta", { delta: { stop_reason, stop_sequence: null }, usage }) + event("message_stop");
}

export const PING = event("ping");
export const USAGE = { input_tokens: 11, output_tokens: 7, cache_tokens: 0 };
export const JSON_TYPE = { "content-type": "application/json" };

export function said(text: string): { content: { type: "text"; text: string }[]; usage: typeof USAGE } {
  return { content: [{ type: "text", text }], usage: USAGE };
}

export function refusal(
  status: number,
  type: string,
  message: string,
  headers: Record<string, string> = {},
): WireAnswer {
  const body = JSON.stringify({ type: "error", error: { type, message }, request_id: "req_1" });
  return { status, headers: { ...JSON_TYPE, ...headers }, pieces: [body] };
}

export const ok: WireAnswer = { pieces: [start(), textBlock(0, "fine"), end()] };
export const THOUGHT = { type: "thinking", text: "so it is", signature: "c2lnbg==" } as const;
export const UNKNOWN = {
  type: "unknown",
  wire: "anthropic",
  block: { type: "hologram", shape: "hen", payload: "ab", input: { q: 1 } },
} as const;

/** A conversation in which the model has thought, called a tool, and sent something that nobody knows. */
export const REPLAYED: Partial<BrainRequest> = {
  tools: [{ name: "bash", description: "runs", input_schema: { type: "object" } }],
  messages: [
    { role: "user", content: "go" },
    { role: "assistant", content: [THOUGHT, UNKNOWN, { type: "tool_call", id: "toolu_1", name: "bash", input: {} }] },
    { role: "user", content: [{ type: "tool_result", tool_use_id: "toolu_1", content: "out", is_error: false }] },
  ],
};

export const SPLIT = "Grüße 🐔 – ‘quotes’\n日本語 \u{10ffff} e\u0301";
