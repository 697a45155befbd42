import {
  callBlock,
  delta,
  end,
  event,
  JSON_TYPE,
  open,
  PING,
  SPLIT,
  said,
  start,
  THOUGHT,
  textBlock,
  UNKNOWN,
  USAGE,
} from "./anthropic-wire.ts";
import { byteByByte, type WireFixture } from "./serve-wire.ts";

/** Answers of Messages, whole and in pieces. */
export const ANSWERS: readonly WireFixture[] = [
  { name: "text", answers: [{ pieces: [start(), textBlock(0, "Hel", "lo"), end()] }], expected: said("Hello") },
  {
    name: "text in several blocks",
    answers: [{ pieces: [start(), textBlock(0, "one"), textBlock(1), textBlock(2, "two"), end()] }],
    expected: { content: [...said("one").content, ...said("two").content], usage: USAGE },
  },
  {
    name: "a tool call whose JSON comes in pieces",
    answers: [{ pieces: [start(), callBlock(0, "toolu_1", "bash", "", '{"comm', 'and":"l', 's"}'), end("tool_use")] }],
    expected: {
      content: [{ type: "tool_call", id: "toolu_1", name: "bash", input: { command: "ls" } }],
      finish_reason: "tool_use",
    },
  },
  {
    name: "parallel tool calls whose deltas are mixed",
    answers: [
      {
        pieces: [
          start(),
          textBlock(0, "both"),
          open(1, { type: "tool_use", id: "toolu_1", name: "a", input: {} }),
          open(2, { type: "tool_use", id: "toolu_2", name: "b", input: {} }),
          delta(2, { type: "input_json_delta", partial_json: '{"n":' }),
          delta(1, { type: "input_json_delta", partial_json: '{"n":1' }),
          delta(2, { type: "input_json_delta", partial_json: "2}" }),
          delta(1, { type: "input_json_delta", partial_json: "}" }),
          end("tool_use"),
        ],
      },
    ],
    expected: {
      content: [
        { type: "text", text: "both" },
        { type: "tool_call", id: "toolu_1", name: "a", input: { n: 1 } },
        { type: "tool_call", id: "toolu_2", name: "b", input: { n: 2 } },
      ],
      finish_reason: "tool_use",
    },
  },
  {
    name: "a tool call without arguments, and one whose JSON is none",
    answers: [
      { pieces: [start(), callBlock(0, "toolu_1", "a"), callBlock(1, "toolu_2", "b", '{"x":'), end("max_tokens")] },
    ],
    expected: {
      content: [
        { type: "tool_call", id: "toolu_1", name: "a", input: {} },
        { type: "tool_call", id: "toolu_2", name: "b", input: '{"x":' },
      ],
      finish_reason: "max_tokens",
    },
  },
  {
    name: "thinking with its signature",
    answers: [
      {
        pieces: [
          start(),
          open(0, { type: "thinking", thinking: "", signature: "" }),
          delta(0, { type: "thinking_delta", thinking: "so it" }),
          delta(0, { type: "thinking_delta", thinking: " is" }),
          delta(0, { type: "signature_delta", signature: "c2ln" }),
          delta(0, { type: "signature_delta", signature: "bg==" }),
          textBlock(1, "yes"),
          end(),
        ],
      },
    ],
    expected: { content: [THOUGHT, { type: "text", text: "yes" }], thought: "so it is" },
  },
  {
    name: "redacted thinking",
    answers: [
      { pieces: [start(), open(0, { type: "redacted_thinking", data: "b3BhcXVl" }), textBlock(1, "yes"), end()] },
    ],
    expected: {
      content: [
        { type: "thinking", text: "", redacted: "b3BhcXVl" },
        { type: "text", text: "yes" },
      ],
    },
  },
  {
    name: "what the cache was read and written",
    answers: [
      {
        pieces: [
          start({ input_tokens: 3, cache_read_input_tokens: 2000, cache_creation_input_tokens: 400, output_tokens: 1 }),
          textBlock(0, "hi"),
          end("end_turn", { output_tokens: 9 }),
        ],
      },
    ],
    expected: {
      ...said("hi"),
      usage: { input_tokens: 3, output_tokens: 9, cache_tokens: 2000, cache_write_tokens: 400 },
    },
  },
  {
    name: "counts that the end corrects",
    answers: [
      {
        pieces: [
          start(),
          textBlock(0, "hi"),
          end("end_turn", { input_tokens: 60, cache_read_input_tokens: 5, output_tokens: 8 }),
        ],
      },
    ],
    expected: { ...said("hi"), usage: { input_tokens: 60, output_tokens: 8, cache_tokens: 5 } },
  },
  {
    name: "no counts at all",
    answers: [{ pieces: [start({}), textBlock(0, "hi"), end("end_turn", {})] }],
    expected: { ...said("hi"), usage: { input_tokens: 0, output_tokens: 0, cache_tokens: 0, unreported: true } },
  },
  {
    name: "UTF-8 split at every byte",
    answers: [{ pieces: byteByByte(start() + textBlock(0, SPLIT) + end()) }],
    expected: said(SPLIT),
  },
  {
    name: "lines that end in CRLF, split at every byte",
    answers: [{ pieces: byteByByte((start() + textBlock(0, "a\nb") + end()).replaceAll("\n", "\r\n")) }],
    expected: said("a\nb"),
  },
  {
    name: "pings in between",
    answers: [{ pieces: [PING, start(), PING, textBlock(0, "hi"), PING, PING, end()] }],
    expected: said("hi"),
  },
  {
    name: "events that nobody knows",
    answers: [{ pieces: [start(), event("weather", { sky: "blue" }), textBlock(0, "hi"), event("x"), end()] }],
    expected: said("hi"),
  },
  {
    name: "a block that nobody knows",
    answers: [
      {
        pieces: [
          start(),
          open(0, { type: "hologram", shape: "hen", payload: "" }),
          delta(0, { type: "hologram_delta", payload: "a" }),
          delta(0, { type: "hologram_delta", payload: "b" }),
          delta(0, { type: "input_json_delta", partial_json: '{"q":1}' }),
          textBlock(1, "hi"),
          end(),
        ],
      },
    ],
    expected: { content: [UNKNOWN, { type: "text", text: "hi" }] },
  },
  {
    name: "events without names, and text without a start",
    answers: [
      {
        pieces: [(start() + delta(0, { type: "text_delta", text: "hi" }) + end()).replaceAll(/^event: .*\n/gm, "")],
      },
    ],
    expected: said("hi"),
  },
  {
    name: "the last event without its blank line",
    answers: [{ pieces: [(start() + textBlock(0, "hi") + end()).trimEnd()] }],
    expected: said("hi"),
  },
  {
    name: "an answer that begins anew",
    answers: [{ pieces: [start(), textBlock(0, "never mi"), start(), textBlock(0, "this"), end()] }],
    expected: said("this"),
  },
  {
    name: "a body that is not streamed",
    answers: [
      {
        headers: JSON_TYPE,
        pieces: [
          JSON.stringify({
            type: "message",
            role: "assistant",
            content: [
              { type: "thinking", thinking: "so it is", signature: "c2lnbg==" },
              { type: "text", text: "hi" },
              { type: "tool_use", id: "toolu_1", name: "a", input: { n: 1 } },
            ],
            stop_reason: "tool_use",
            usage: { input_tokens: 11, output_tokens: 7 },
          }),
        ],
      },
    ],
    expected: {
      content: [
        THOUGHT,
        { type: "text", text: "hi" },
        { type: "tool_call", id: "toolu_1", name: "a", input: { n: 1 } },
      ],
      finish_reason: "tool_use",
      usage: USAGE,
      surfaced: "",
    },
  },
  { name: "an empty answer", answers: [{ pieces: [start(), end()] }], expected: { content: [], usage: USAGE } },
  {
    name: "stop reasons: a stop sequence",
    answers: [{ pieces: [start(), textBlock(0, "a"), end("stop_sequence")] }],
    expected: { ...said("a"), finish_reason: "stop_sequence" },
  },
  {
    name: "stop reasons: the context is full",
    answers: [{ pieces: [start(), textBlock(0, "a"), end("model_context_window_exceeded")] }],
    expected: { ...said("a"), finish_reason: "max_tokens" },
  },
  {
    name: "stop reasons: a pause",
    answers: [{ pieces: [start(), textBlock(0, "a"), end("pause_turn")] }],
    expected: { ...said("a"), finish_reason: "pause_turn" },
  },
  {
    name: "a refusal of the model",
    answers: [{ pieces: [start(), textBlock(0, "I can"), end("refusal")] }],
    expected: { ...said("I can"), finish_reason: "refusal" },
  },
  {
    name: "2 MiB of text",
    answers: [{ pieces: [start(), textBlock(0, ..."xyz!".split("").map((it) => it.repeat(524_288))), end()] }],
    expected: said(
      "xyz!"
        .split("")
        .map((it) => it.repeat(524_288))
        .join(""),
    ),
  },
  {
    name: "9 MiB of text",
    answers: [
      {
        pieces: [
          start(),
          ...Array.from({ length: 9 }, () => delta(0, { type: "text_delta", text: "x".repeat(1_048_576) })),
          end(),
        ],
      },
    ],
    expected: { code: "brain_answer_invalid", message: "anthropic: the answer is longer than 8388608 characters" },
  },
];
