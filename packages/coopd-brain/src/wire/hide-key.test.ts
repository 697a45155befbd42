import { describe, expect, test } from "bun:test";
import { askWith, messagesBrainAt, openModelServer, requestOf, SSE } from "../testing/model-server.ts";
import { callBlock, delta, end, open, start, textBlock } from "../testing/wire/anthropic-wire.ts";
import { createKeyFilter } from "./hide-key.ts";

const KEY = "canary-0123456789";
const key = { reveal: () => KEY };

describe("a server that repeats the key", () => {
  const body = [
    start(),
    open(0, { type: "thinking", thinking: "", signature: "" }),
    ..."they sent canary-0123456789!".split("").map((thinking) => delta(0, { type: "thinking_delta", thinking })),
    textBlock(1, ..."your key is canary-0123456789, or canary-01234".split("")),
    callBlock(2, "toolu_1", "bash", `{"command":"echo ${KEY}","deep":[{"${KEY}":"${encodeURIComponent(KEY)}"}]}`),
    open(3, { type: "hologram", payload: KEY }),
    end("tool_use"),
  ].join("");

  test("puts it neither into what is shown nor into what is kept", async () => {
    using server = openModelServer(() => new Response(body, SSE));
    const seen = await askWith(messagesBrainAt(server.baseUrl, { key }), requestOf());
    expect(JSON.stringify(seen)).not.toContain(KEY);
    expect(seen.thought).toBe("they sent [key]!");
    expect(seen.text).toBe("your key is [key], or canary-01234");
    expect(seen.response.content).toMatchObject([
      { type: "thinking", text: "they sent [key]!" },
      { type: "text", text: seen.text },
      { type: "tool_call", input: { command: "echo [key]", deep: [{ "[key]": "[key]" }] } },
      { type: "unknown", block: { payload: "[key]" } },
    ]);
  });

  test("would without the filter", async () => {
    using server = openModelServer(() => new Response(body, SSE));
    expect(JSON.stringify(await askWith(messagesBrainAt(server.baseUrl), requestOf()))).toContain(KEY);
  });
});

test("nothing is held back for longer than it could be the key, and an answer that begins anew holds nothing", () => {
  const filter = createKeyFilter(KEY);
  const pass = (type: "text" | "thinking", text: string) => filter.pass({ type, delta: text }).map((it) => ({ ...it }));
  expect(pass("text", "a c")).toEqual([{ type: "text", delta: "a " }]);
  expect(pass("text", "at")).toEqual([{ type: "text", delta: "cat" }]);
  expect(pass("text", "can")).toEqual([]);
  expect(pass("thinking", "hm")).toEqual([
    { type: "text", delta: "can" },
    { type: "thinking", delta: "hm" },
  ]);
  expect(pass("text", "cana")).toEqual([]);
  expect(filter.pass({ type: "restart" })).toEqual([{ type: "restart" }]);
  expect(filter.rest()).toEqual([]);
});
