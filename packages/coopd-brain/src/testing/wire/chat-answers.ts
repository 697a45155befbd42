import { call, chunk, counted, DONE, data, SPLIT, said, tail, USAGE, whole } from "./chat-wire.ts";
import { byteByByte, type WireFixture } from "./serve-wire.ts";

/** Answers of Chat Completions, whole and in pieces. */
export const ANSWERS: readonly WireFixture[] = [
  {
    name: "text",
    answers: [
      {
        pieces: [
          chunk({ role: "assistant", content: "" }),
          chunk({ content: "Hel" }),
          chunk({ content: "lo" }),
          ...tail(),
        ],
      },
    ],
    expected: said("Hello"),
  },
  {
    name: "a tool call whose JSON comes in pieces",
    answers: [
      {
        pieces: [
          call(0, { name: "bash", arguments: "" }, { id: "c1" }),
          call(0, { arguments: '{"comm' }),
          call(0, { arguments: 'and":"ls"}' }),
          ...tail("tool_calls"),
        ],
      },
    ],
    expected: {
      content: [{ type: "tool_call", id: "c1", name: "bash", input: { command: "ls" } }],
      finish_reason: "tool_use",
      usage: USAGE,
    },
  },
  {
    name: "parallel tool calls whose deltas are mixed",
    answers: [
      {
        pieces: [
          chunk({ content: "both" }),
          call(0, { name: "a", arguments: "" }, { id: "c1" }),
          call(1, { name: "b", arguments: '{"n":' }, { id: "c2" }),
          call(0, { arguments: '{"n":1' }),
          call(1, { arguments: "2}" }),
          call(0, { arguments: "}" }),
          ...tail("tool_calls"),
        ],
      },
    ],
    expected: {
      content: [
        { type: "text", text: "both" },
        { type: "tool_call", id: "c1", name: "a", input: { n: 1 } },
        { type: "tool_call", id: "c2", name: "b", input: { n: 2 } },
      ],
      finish_reason: "tool_use",
    },
  },
  {
    name: "a tool call without arguments, and one whose JSON is none",
    answers: [
      {
        pieces: [
          call(0, { name: "a", arguments: "" }, { id: "c1" }),
          call(1, { name: "b", arguments: '{"x":' }, { id: "c2" }),
          ...tail("length"),
        ],
      },
    ],
    expected: {
      content: [
        { type: "tool_call", id: "c1", name: "a", input: {} },
        { type: "tool_call", id: "c2", name: "b", input: '{"x":' },
      ],
      finish_reason: "max_tokens",
    },
  },
  {
    name: "what the cache was read",
    answers: [
      {
        pieces: [
          chunk({ content: "hi" }, "stop"),
          counted({ prompt_tokens: 2011, completion_tokens: 7, prompt_tokens_details: { cached_tokens: 2000 } }),
          DONE,
        ],
      },
    ],
    expected: { ...said("hi"), usage: { input_tokens: 11, output_tokens: 7, cache_tokens: 2000 } },
  },
  {
    name: "no counts at all",
    answers: [{ pieces: [chunk({ content: "hi" }, "stop"), DONE] }],
    expected: { ...said("hi"), usage: { input_tokens: 0, output_tokens: 0, cache_tokens: 0, unreported: true } },
  },
  {
    name: "UTF-8 split at every byte",
    answers: [{ pieces: byteByByte(chunk({ content: SPLIT }) + tail().join("")) }],
    expected: said(SPLIT),
  },
  {
    name: "lines that end in CRLF, split at every byte",
    answers: [{ pieces: byteByByte((chunk({ content: "a\nb" }) + tail().join("")).replaceAll("\n", "\r\n")) }],
    expected: said("a\nb"),
  },
  {
    name: "comments in between, as keep-alives",
    answers: [{ pieces: [": ping\n\n", chunk({ content: "hi" }), ": ping\n\n", ...tail()] }],
    expected: said("hi"),
  },
  {
    name: "chunks and fields that nobody knows",
    answers: [
      { pieces: [data({ object: "weather", sky: "blue" }), chunk({ content: "hi", aura: { x: 1 } }), ...tail()] },
    ],
    expected: said("hi"),
  },
  {
    name: "a body that is not streamed",
    answers: [
      whole(
        {
          content: "hi",
          tool_calls: [{ id: "c1", type: "function", function: { name: "a", arguments: '{"n":1}' } }],
        },
        "tool_calls",
        { prompt_tokens: 11, completion_tokens: 7 },
      ),
    ],
    expected: {
      content: [
        { type: "text", text: "hi" },
        { type: "tool_call", id: "c1", name: "a", input: { n: 1 } },
      ],
      finish_reason: "tool_use",
      usage: USAGE,
      surfaced: "",
    },
  },
  {
    name: "an empty answer",
    answers: [{ pieces: [chunk({ content: "" }), ...tail()] }],
    expected: { content: [], usage: USAGE },
  },
  {
    name: "a refusal of the model",
    answers: [{ pieces: [chunk({ refusal: "I will " }), chunk({ refusal: "not" }), ...tail()] }],
    expected: { ...said("I will not"), finish_reason: "refusal", surfaced: "" },
  },
  {
    name: "a filter's refusal",
    answers: [{ pieces: [chunk({ content: "I can" }), ...tail("content_filter")] }],
    expected: { ...said("I can"), finish_reason: "refusal" },
  },
  {
    name: "2 MiB of text",
    answers: [{ pieces: [..."xyz!"].map((it) => chunk({ content: it.repeat(524_288) })).concat(tail()) }],
    expected: said([..."xyz!"].map((it) => it.repeat(524_288)).join("")),
  },
  {
    name: "9 MiB of text",
    answers: [{ pieces: Array.from({ length: 9 }, () => chunk({ content: "x".repeat(1_048_576) })).concat(tail()) }],
    expected: { code: "brain_answer_invalid", message: "NAME: the answer is longer than 8388608 characters" },
  },
];
