import { describe, expect, test } from "bun:test";
import type { Message } from "coopd-core";
import { requestOf } from "../testing/model-server.ts";
import { COMPAT_DIALECT, OPENAI_DIALECT, plainerDialect } from "./dialect.ts";
import { toChatRequest } from "./to-chat-request.ts";

const chat = (messages: readonly Message[]) => toChatRequest("m", requestOf({ messages }), COMPAT_DIALECT).messages;

describe("a request on the wire", () => {
  test("has only what is needed", () => {
    expect(toChatRequest("m", requestOf(), COMPAT_DIALECT)).toEqual({
      model: "m",
      messages: [{ role: "user", content: "hi" }],
      temperature: 0.7,
      max_tokens: 4096,
      stream: true,
      stream_options: { include_usage: true },
    });
  });

  test("has system text, tools and stop words where there are any", () => {
    const tools = [{ name: "bash", description: "runs", input_schema: { type: "object" } }];
    const request = toChatRequest("m", requestOf({ system: "be good", tools, stop_seq: ["END"] }), COMPAT_DIALECT);
    expect(request).toMatchObject({
      messages: [
        { role: "system", content: "be good" },
        { role: "user", content: "hi" },
      ],
      tools: [{ type: "function", function: { name: "bash", description: "runs", parameters: { type: "object" } } }],
      stop: ["END"],
    });
  });

  test("leaves out what the dialect does not have", () => {
    const plain = { ...OPENAI_DIALECT, stream: false, temperature: false };
    expect(toChatRequest("m", requestOf(), plain)).toEqual({
      model: "m",
      messages: [{ role: "user", content: "hi" }],
      max_completion_tokens: 4096,
    });
  });

  test("tells an answer with calls, and their results before the text of that turn, with the error in words", () => {
    const messages = chat([
      {
        role: "user",
        content: [
          { type: "text", text: "a" },
          { type: "text", text: "b" },
        ],
      },
      {
        role: "assistant",
        content: [
          { type: "thinking", text: "hm" },
          { type: "text", text: "look" },
          { type: "tool_call", id: "1", name: "bash", input: { command: "ls" } },
          { type: "tool_call", id: "2", name: "bash", input: "not json" },
          { type: "tool_call", id: "3", name: "bash", input: null },
        ],
      },
      {
        role: "user",
        content: [
          { type: "text", text: "and now?" },
          { type: "tool_result", tool_use_id: "1", content: "{}", is_error: false },
          { type: "tool_result", tool_use_id: "2", content: "no", is_error: true },
          { type: "tool_result", tool_use_id: "3", content: "ERROR: no", is_error: true },
        ],
      },
    ]);
    const call = (id: string, args: string) => ({ id, type: "function", function: { name: "bash", arguments: args } });
    expect(messages as unknown).toEqual([
      { role: "user", content: "a\nb" },
      {
        role: "assistant",
        content: "look",
        tool_calls: [call("1", '{"command":"ls"}'), call("2", '{"raw":"not json"}'), call("3", '{"raw":null}')],
      },
      { role: "tool", tool_call_id: "1", content: "{}" },
      { role: "tool", tool_call_id: "2", content: "ERROR: no" },
      { role: "tool", tool_call_id: "3", content: "ERROR: no" },
      { role: "user", content: "and now?" },
    ]);
  });

  test("has null content for an answer of calls only, and no empty message", () => {
    const messages = chat([
      { role: "assistant", content: [{ type: "tool_call", id: "1", name: "t", input: {} }] },
      { role: "assistant", content: [] },
      { role: "assistant", content: [{ type: "thinking", text: "hm" }] },
      { role: "user", content: [] },
    ]);
    expect(messages).toMatchObject([{ role: "assistant", content: null, tool_calls: [{ id: "1" }] }]);
  });
});

describe("a plainer dialect", () => {
  const plainer = (body: string, status = 400, from = COMPAT_DIALECT) => plainerDialect(from, { status, body });

  test("is not tried for what is no malformed request", () => {
    for (const status of [401, 403, 404, 413, 429, 500]) expect(plainer("stream_options", status)).toBeUndefined();
  });

  test("leaves out what the refusal names", () => {
    expect(plainer("unknown field stream_options")).toEqual({ ...COMPAT_DIALECT, streamUsage: false });
    expect(plainer("'temperature' does not support 0.7", 422)).toEqual({ ...COMPAT_DIALECT, temperature: false });
    expect(plainer("'max_tokens' is not supported. Use 'max_completion_tokens'")).toMatchObject({
      tokenLimit: "max_completion_tokens",
    });
    expect(plainer("streaming is off")).toEqual({ ...COMPAT_DIALECT, stream: false });
  });

  test("ends after five requests, whatever the server says", () => {
    const body = "stream stream_options temperature max_tokens max_completion_tokens";
    let asked = 1;
    for (let next = plainer(body); next !== undefined; next = plainer(body, 400, next)) asked += 1;
    expect(asked).toBe(5);
  });
});
