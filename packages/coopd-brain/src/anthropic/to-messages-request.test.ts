import { describe, expect, test } from "bun:test";
import type { BrainRequest, ContentBlock, Message } from "coopd-core";
import { requestOf } from "../testing/model-server.ts";
import { FULL_DIALECT, plainerDialect } from "./dialect.ts";
import { toMessagesRequest, unknownTypesIn } from "./to-messages-request.ts";

const PLAIN = { temperature: false, cache: false, thinking: false, unknown: false };
const MARK = { cache_control: { type: "ephemeral" } };
const TOOLS = [
  { name: "bash", description: "runs", input_schema: { type: "object", properties: {} } },
  { name: "look", description: "sees", input_schema: {} },
];
const call = (id: string, input: unknown = {}): ContentBlock => ({ type: "tool_call", id, name: "bash", input });
const result = (id: string, is_error = false): ContentBlock => ({
  type: "tool_result",
  tool_use_id: id,
  content: `out ${id}`,
  is_error,
});
const body = (request: Partial<BrainRequest>, dialect = FULL_DIALECT) =>
  toMessagesRequest("m", requestOf(request), dialect) as unknown as Record<string, unknown>;
const messagesOf = (messages: readonly Message[], dialect = { ...FULL_DIALECT, cache: false }) =>
  body({ messages }, dialect).messages as readonly { role: string; content: readonly Record<string, unknown>[] }[];

describe("a request on the wire", () => {
  test("has only what is needed", () => {
    expect(body({}, PLAIN)).toEqual({
      model: "m",
      max_tokens: 4096,
      messages: [{ role: "user", content: [{ type: "text", text: "hi" }] }],
      stream: true,
    });
  });

  test("has system text, tools, temperature and stop words where there are any", () => {
    expect(body({ system: "be good", tools: TOOLS, stop_seq: ["END"] }, { ...PLAIN, temperature: true })).toMatchObject(
      {
        system: "be good",
        tools: [
          { name: "bash", description: "runs", input_schema: { type: "object", properties: {} } },
          { name: "look", description: "sees", input_schema: { type: "object" } },
        ],
        temperature: 0.7,
        stop_sequences: ["END"],
      },
    );
  });

  test("gives thinking back as it came, where it stood, and none that nobody signed", () => {
    const content: ContentBlock[] = [
      { type: "thinking", text: "hm", signature: "c2ln" },
      { type: "thinking", text: "", redacted: "b3BhcXVl" },
      { type: "thinking", text: "another provider's" },
      { type: "text", text: " \n" },
      { type: "text", text: "look" },
      { type: "unknown", wire: "anthropic", block: { type: "hologram", shape: "hen" } },
      { type: "unknown", wire: "openai", block: { type: "audio" } },
      call("a"),
    ];
    const messages = [{ role: "assistant", content }] as const;
    expect(messagesOf(messages)).toEqual([
      {
        role: "assistant",
        content: [
          { type: "thinking", thinking: "hm", signature: "c2ln" },
          { type: "redacted_thinking", data: "b3BhcXVl" },
          { type: "text", text: "look" },
          { type: "hologram", shape: "hen" },
          { type: "tool_use", id: "a", name: "bash", input: {} },
        ],
      },
    ]);
    expect(messagesOf(messages, PLAIN)[0]?.content.map(({ type }) => type)).toEqual(["text", "tool_use"]);
    expect(unknownTypesIn(requestOf({ messages }))).toEqual(["hologram", "audio"]);
  });

  test("says which results are errors, and wraps what is no object", () => {
    expect(
      messagesOf([
        { role: "assistant", content: [call("a", "raw"), call("b", [1]), call("c", null)] },
        { role: "user", content: [result("a", true), result("b"), { type: "text", text: "go on" }] },
      ]),
    ).toMatchObject([
      { content: [{ input: { raw: "raw" } }, { input: { raw: [1] } }, { input: { raw: null } }] },
      {
        content: [
          { type: "tool_result", tool_use_id: "a", content: "out a", is_error: true },
          { type: "tool_result", tool_use_id: "b", content: "out b", is_error: false },
          { type: "text", text: "go on" },
        ],
      },
    ]);
  });

  test("has no empty message", () => {
    expect(
      messagesOf([
        { role: "user", content: "x" },
        { role: "assistant", content: [{ type: "thinking", text: "hm" }] },
      ]).length,
    ).toBe(1);
  });

  test("names each call once, in letters that the wire takes, and its result after it", () => {
    const ids = ["functions.bash:0", "call_0", "", "call_0"];
    const turns = ids.flatMap((id): Message[] => [
      { role: "assistant", content: [call(id)] },
      { role: "user", content: [result(id)] },
    ]);
    const blocks = messagesOf(turns).flatMap(({ content }) => content);
    const used = blocks.filter(({ type }) => type === "tool_use").map(({ id }) => String(id));
    const answered = blocks.filter(({ type }) => type === "tool_result").map(({ tool_use_id }) => String(tool_use_id));
    expect(answered).toEqual(used);
    expect(new Set(used).size).toBe(4);
    for (const id of used) expect(id).toMatch(/^[a-zA-Z0-9_-]{1,64}$/);
    expect(used[1]).toBe("call_0");
  });
});

describe("what may be cached is marked", () => {
  const turns = (count: number): Message[] => [
    { role: "user", content: "go" },
    ...Array.from({ length: count }, (_, n): Message[] => [
      { role: "assistant", content: [call(`c${n}`)] },
      { role: "user", content: [result(`c${n}`)] },
    ]).flat(),
  ];
  const request = (count: number) => body({ system: "be good", tools: TOOLS, messages: turns(count) });

  test("behind the system text, and behind the last two things that the model was told", () => {
    const { system, messages, tools } = request(3) as {
      system: unknown;
      messages: { content: object[] }[];
      tools: object[];
    };
    expect(system).toEqual([{ type: "text", text: "be good", ...MARK }]);
    const marked = messages.map(({ content }) => content.some((block) => "cache_control" in block));
    expect(marked).toEqual([false, false, false, false, true, false, true]);
    expect(tools.some((tool) => "cache_control" in tool)).toBe(false);
  });

  test("behind the tools where there is no system text, and not the talk of a hen without tools", () => {
    const { tools } = body({ tools: TOOLS }) as { tools: object[] };
    expect(tools.map((tool) => "cache_control" in tool)).toEqual([false, true]);
    expect(JSON.stringify(body({ messages: turns(2) }))).not.toContain("cache_control");
  });

  test("so that each request begins with all of the one before", () => {
    const unmarked = (value: unknown) =>
      JSON.parse(JSON.stringify(value, (key, it) => (key === "cache_control" ? undefined : it)));
    for (let count = 0; count < 5; count += 1) {
      const [former, later] = [unmarked(request(count)), unmarked(request(count + 1))];
      expect([later.system, later.tools]).toEqual([former.system, former.tools]);
      expect(later.messages.slice(0, former.messages.length)).toEqual(former.messages);
    }
  });

  test("four times at most, which is what the wire allows", () => {
    expect(JSON.stringify(request(9)).split("cache_control").length - 1).toBe(3);
  });
});

describe("a plainer dialect", () => {
  const said = (message: string) =>
    JSON.stringify({ type: "error", error: { type: "invalid_request_error", message } });
  const plainer = (text: string, status = 400) =>
    plainerDialect(FULL_DIALECT, { status, body: said(text) }, ["hologram"]);

  test("is not tried for what is no malformed request", () => {
    for (const status of [401, 403, 404, 413, 429, 500]) expect(plainer("temperature", status)).toBeUndefined();
    expect(plainer("prompt is too long: 9 tokens > 8 maximum, temperature")).toBeUndefined();
    expect(plainer("tools.0.name: bad")).toBeUndefined();
  });

  test("leaves out what the refusal names", () => {
    expect(plainer("temperature: not supported")).toEqual({ ...FULL_DIALECT, temperature: false });
    expect(plainer("cache_control: extra", 422)).toEqual({ ...FULL_DIALECT, cache: false });
    expect(plainer("invalid signature")).toEqual({ ...FULL_DIALECT, thinking: false });
    expect(plainer("what is a hologram?")).toEqual({ ...FULL_DIALECT, unknown: false });
  });

  test("ends after five requests, whatever the server says", () => {
    let asked = 1;
    const refusal = { status: 400, body: said("temperature cache_control thinking signature hologram") };
    for (let next = plainerDialect(FULL_DIALECT, refusal, ["hologram"]); next !== undefined; asked += 1) {
      next = plainerDialect(next, refusal, ["hologram"]);
    }
    expect(asked).toBe(5);
  });
});
