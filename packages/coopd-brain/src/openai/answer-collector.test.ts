import { describe, expect, test } from "bun:test";
import { chunkOf, wholeOf } from "../testing/model-server.ts";
import { AnswerCollector } from "./answer-collector.ts";

function stream(...chunks: readonly unknown[]) {
  const collector = new AnswerCollector("openai-compat");
  const shown = chunks.flatMap((chunk) => collector.addChunk(chunk));
  const texts = shown.flatMap((piece) => (piece.type === "text" ? [piece.delta] : []));
  return { texts, ...collector.finish() };
}

function whole(body: unknown) {
  const collector = new AnswerCollector("openai-compat");
  collector.addWhole(body);
  return collector.finish();
}

const callOf = (fields: unknown, rest: object = {}) => ({
  tool_calls: [{ type: "function", function: fields, ...rest }],
});

describe("an answer is refused", () => {
  const bodies: [string, unknown][] = [
    ["without choices", { choices: [] }],
    ["with choices null", { choices: null }],
    ["that is a list", []],
    ["that is null", null],
    ["that is a text", "hello"],
    ["that asks for tools and names none", wholeOf(callOf({ name: "", arguments: "{}" }), "tool_calls")],
  ];
  test.each(bodies)("%s", (_name, body) => {
    expect(() => whole(body)).toThrow(expect.objectContaining({ code: "brain_answer_invalid" }));
  });

  test("beyond 8 Mi characters, of text or of arguments", () => {
    const part = "x".repeat(1024 * 1024);
    for (const delta of [{ content: part }, callOf({ name: "t", arguments: part }, { index: 0 })]) {
      const collector = new AnswerCollector("openai-compat");
      for (let count = 0; count < 8; count += 1) collector.addChunk(chunkOf(delta));
      expect(() => collector.addChunk(chunkOf(delta))).toThrow(
        expect.objectContaining({ code: "brain_answer_invalid" }),
      );
    }
  });

  test("beyond 512 tool calls", () => {
    const tool_calls = Array.from({ length: 513 }, () => ({ function: { name: "t", arguments: "{}" } }));
    expect(() => whole(wholeOf({ tool_calls }))).toThrow("more than 512 tool calls");
  });
});

describe("null and missing fields lose nothing", () => {
  test("in a whole answer", () => {
    expect(whole(wholeOf({ content: "hi", tool_calls: null, function_call: null, refusal: null }))).toEqual({
      content: [{ type: "text", text: "hi" }],
      usage: { input_tokens: 0, output_tokens: 0, cache_tokens: 0, unreported: true },
      finish_reason: "end_turn",
    });
    expect(whole({ choices: [{ message: { content: null } }] })).toMatchObject({
      content: [],
      finish_reason: "end_turn",
    });
    expect(whole({ choices: [{}] })).toMatchObject({ content: [], finish_reason: "end_turn" });
    expect(
      whole(wholeOf({ content: null, ...callOf({ name: "t", arguments: null }, { id: null }) }, null)),
    ).toMatchObject({
      content: [{ type: "tool_call", id: "", name: "t", input: {} }],
    });
  });

  test("in a stream: text beside `tool_calls: null` stays", () => {
    const chunks = ["a", "b"].map((content) => chunkOf({ role: "assistant", content, tool_calls: null }));
    expect(stream(...chunks, { choices: [], usage: null }, chunkOf({ content: null }, "stop"))).toMatchObject({
      texts: ["a", "b"],
      content: [{ type: "text", text: "ab" }],
      finish_reason: "end_turn",
    });
  });

  test("fields that nobody knows are passed over", () => {
    expect(stream(chunkOf({ content: "a", reasoning_content: "hm", x: { y: 1 } }, "stop"))).toMatchObject({
      content: [
        { type: "thinking", text: "hm" },
        { type: "text", text: "a" },
      ],
    });
  });
});

describe("tool calls", () => {
  test("come together by index, id and name once, arguments in pieces", () => {
    const { content, finish_reason } = stream(
      chunkOf(callOf({ name: "bash", arguments: "" }, { index: 0, id: "a" })),
      chunkOf(callOf({ arguments: '{"command":' }, { index: 0 })),
      chunkOf(callOf({ name: "read", arguments: '{"p"' }, { index: 1, id: "b" })),
      chunkOf(callOf({ arguments: '"ls"}' }, { index: 0, id: "" })),
      chunkOf(callOf({ name: "", arguments: ":1}" }, { index: 1 })),
      chunkOf({}, "tool_calls"),
    );
    expect(content).toEqual([
      { type: "tool_call", id: "a", name: "bash", input: { command: "ls" } },
      { type: "tool_call", id: "b", name: "read", input: { p: 1 } },
    ]);
    expect(finish_reason).toBe("tool_use");
  });

  const two = [
    { type: "tool_call", name: "t", input: { n: 1 } },
    { type: "tool_call", name: "t", input: { n: 2 } },
  ];
  const whole1 = { name: "t", arguments: '{"n":1}' };
  const whole2 = { name: "t", arguments: '{"n":2}' };
  const sloppy: [string, readonly unknown[]][] = [
    [
      "all with index 0 and ids of their own",
      [callOf(whole1, { index: 0, id: "a" }), callOf(whole2, { index: 0, id: "b" })],
    ],
    ["without index, with ids", [callOf(whole1, { id: "a" }), callOf(whole2, { id: "b" })]],
    ["without index and ids", [callOf(whole1), callOf(whole2)]],
    [
      "the name repeated in every delta",
      [
        callOf({ name: "t", arguments: '{"n"' }, { index: 0, id: "a" }),
        callOf({ name: "t", arguments: ":1}" }, { index: 0, id: "a" }),
        callOf({ name: "t", arguments: '{"n":2}' }, { index: 1 }),
        callOf({ name: "t", arguments: "" }, { index: 1 }),
      ],
    ],
    [
      "another id in every delta, without the name",
      [
        callOf({ name: "t", arguments: '{"n"' }, { index: 0, id: "a" }),
        callOf({ arguments: ":1}" }, { index: 0, id: "z" }),
        callOf(whole2, { index: 1, id: "y" }),
      ],
    ],
  ];
  test.each(sloppy)("from a server that sends them %s", (_name, deltas) => {
    const { content } = stream(...deltas.map((delta) => chunkOf(delta)), chunkOf({}, "tool_calls"));
    expect(content).toMatchObject(two);
    expect(content.length).toBe(2);
  });

  const inputs: [unknown, unknown][] = [
    ["", {}],
    ["  \n", {}],
    [null, {}],
    [undefined, {}],
    ["null", {}],
    ["{not json", "{not json"],
    ['"text"', "text"],
    ["[1]", [1]],
    [{ a: 1 }, { a: 1 }],
  ];
  test.each(inputs)("with arguments %j", (args, input) => {
    expect(whole(wholeOf(callOf({ name: "t", arguments: args }), "tool_calls")).content).toEqual([
      { type: "tool_call", id: "", name: "t", input },
    ]);
  });

  test("without a name are dropped, the text beside them is not", () => {
    const message = { content: "so", tool_calls: [{ function: { name: "", arguments: "{}" } }, {}, null, 7] };
    expect(whole(wholeOf(message, "tool_calls")).content).toEqual([{ type: "text", text: "so" }]);
  });
});

describe("the finish reason", () => {
  const call = callOf({ name: "t", arguments: "{}" });
  const rows: [unknown, object, string][] = [
    ["stop", {}, "end_turn"],
    [null, {}, "end_turn"],
    [undefined, {}, "end_turn"],
    ["tool_calls", call, "tool_use"],
    ["stop", call, "tool_use"],
    [null, call, "tool_use"],
    ["length", {}, "max_tokens"],
    ["length", call, "max_tokens"],
    ["content_filter", {}, "refusal"],
  ];
  test.each(rows)("%j with %j is %s", (finish, extra, expected) => {
    const body = { choices: [{ finish_reason: finish, message: { content: "a", ...extra } }] };
    expect(whole(body).finish_reason).toBe(expected);
  });

  test("is refusal for an answer that is nothing but one", () => {
    expect(whole(wholeOf({ content: null, refusal: "I won't." }))).toMatchObject({
      content: [{ type: "text", text: "I won't." }],
      finish_reason: "refusal",
    });
  });
});

test("usage tells cached input from the rest, says when the server counted nothing, and takes nothing for granted", () => {
  const usage = (value: unknown) => whole({ choices: [{ message: {} }], usage: value }).usage;
  expect(usage({ prompt_tokens: 9, completion_tokens: 4, prompt_tokens_details: { cached_tokens: 5 } })).toEqual({
    input_tokens: 4,
    output_tokens: 4,
    cache_tokens: 5,
  });
  for (const value of [null, [], "x", { prompt_tokens: "9", completion_tokens: -1, prompt_tokens_details: null }]) {
    expect(usage(value)).toEqual({ input_tokens: 0, output_tokens: 0, cache_tokens: 0, unreported: true });
  }
});
