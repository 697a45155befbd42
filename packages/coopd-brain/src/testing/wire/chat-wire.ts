import type { WireAnswer } from "./serve-wire.ts";

export function data(value: unknown): string {
  return `data: ${typeof value === "string" ? value : JSON.stringify(value)}\n\n`;
}

/** A chunk of a stream. */
export function chunk(delta: object, finish_reason: string | null = null): string {
  return data({ id: "c", object: "chat.completion.chunk", choices: [{ index: 0, delta, finish_reason }], usage: null });
}

export function counted(usage: object = { prompt_tokens: 11, completion_tokens: 7 }): string {
  return data({ id: "c", object: "chat.completion.chunk", choices: [], usage });
}

export const DONE = data("[DONE]");

export function call(index: number, fields: object, rest: object = {}): string {
  return chunk({ tool_calls: [{ index, type: "function", function: fields, ...rest }] });
}

export const USAGE = { input_tokens: 11, output_tokens: 7, cache_tokens: 0 };
export const JSON_TYPE = { "content-type": "application/json" };
export const tail = (finish = "stop") => [chunk({}, finish), counted(), DONE];
export const ok: WireAnswer = { pieces: [chunk({ role: "assistant", content: "fine" }), ...tail()] };
export const SPLIT = "Grüße 🐔 – ‘quotes’\n日本語 \u{10ffff} e\u0301";

export function said(text: string) {
  return { content: [{ type: "text", text } as const], usage: USAGE };
}

export function whole(message: object, finish_reason: string | null = "stop", usage: unknown = null): WireAnswer {
  const body = { id: "c", object: "chat.completion", choices: [{ index: 0, message, finish_reason }], usage };
  return { headers: JSON_TYPE, pieces: [JSON.stringify(body)] };
}

export function refusal(status: number, error: object, headers: Record<string, string> = {}): WireAnswer {
  return { status, headers: { ...JSON_TYPE, ...headers }, pieces: [JSON.stringify({ error })] };
}
