import { ANSWERS } from "./chat-answers.ts";
import { FAILURES } from "./chat-failures.ts";
import { call, chunk, DONE, ok, refusal, said, tail, USAGE, whole } from "./chat-wire.ts";
import type { WireFixture } from "./serve-wire.ts";

const OWN_OF_OPENAI: readonly WireFixture[] = [
  {
    name: "a model that takes no temperature",
    answers: [
      refusal(400, {
        param: "temperature",
        message: "Unsupported value: 'temperature' does not support 0.7 with this model.",
      }),
      ok,
    ],
    asked: 2,
    expected: said("fine"),
  },
  {
    name: "a server of before max_completion_tokens",
    answers: [refusal(400, { message: "Unrecognized request argument supplied: max_completion_tokens" }), ok],
    asked: 2,
    expected: said("fine"),
  },
];

const OWN_OF_COMPAT: readonly WireFixture[] = [
  {
    name: "null wherever it may stand (weaknesses F2)",
    answers: [
      whole(
        { content: null, tool_calls: [{ id: null, type: null, function: { name: "a", arguments: null } }] },
        null,
        null,
      ),
    ],
    expected: {
      content: [{ type: "tool_call", id: "", name: "a", input: {} }],
      finish_reason: "tool_use",
      surfaced: "",
    },
  },
  {
    name: "arguments that are an object",
    answers: [whole({ tool_calls: [{ id: "c1", function: { name: "a", arguments: { n: 1 } } }] }, "stop")],
    expected: { content: [{ type: "tool_call", id: "c1", name: "a", input: { n: 1 } }], finish_reason: "tool_use" },
  },
  {
    name: "tool calls without ids, all of index 0",
    answers: [
      {
        pieces: [
          call(0, { name: "a", arguments: '{"n":1}' }, { id: "x" }),
          call(0, { name: "b", arguments: '{"n":2}' }, { id: "y" }),
          ...tail("tool_calls"),
        ],
      },
    ],
    expected: {
      content: [
        { type: "tool_call", id: "x", name: "a", input: { n: 1 } },
        { type: "tool_call", id: "y", name: "b", input: { n: 2 } },
      ],
      finish_reason: "tool_use",
    },
  },
  ...["reasoning_content", "reasoning"].map((field) => ({
    name: `thinking as ${field}`,
    answers: [
      { pieces: [chunk({ [field]: "so it" }), chunk({ [field]: " is" }), chunk({ content: "yes" }), ...tail()] },
    ],
    expected: {
      content: [{ type: "thinking", text: "so it is" } as const, { type: "text", text: "yes" } as const],
      thought: "so it is",
      usage: USAGE,
    },
  })),
  {
    name: "a server that does not stream, and says so",
    answers: [
      refusal(400, { message: "streaming is not supported" }),
      whole({ content: "fine" }, "stop", { prompt_tokens: 11, completion_tokens: 7 }),
    ],
    asked: 2,
    expected: { ...said("fine"), surfaced: "" },
  },
  {
    name: "a stream that ends with [DONE] and no reason",
    answers: [{ pieces: [chunk({ content: "hi" }), DONE] }],
    expected: { content: [{ type: "text", text: "hi" }] },
  },
  {
    name: "a server that gave up",
    answers: [{ pieces: [chunk({ content: "half" }), chunk({}, "insufficient_system_resource"), DONE] }],
    asked: 3,
    expected: {
      code: "brain_overloaded",
      message: "NAME 529: overloaded_error: it stopped with insufficient_system_resource",
    },
  },
];

/** What a provider of this wire must make of it; its name begins every error. */
export function chatFixtures(name: "openai" | "openai-compat"): readonly WireFixture[] {
  const all = [...ANSWERS, ...FAILURES, ...(name === "openai" ? OWN_OF_OPENAI : OWN_OF_COMPAT)];
  return all.map((fixture) => {
    const { expected } = fixture;
    if (!("message" in expected)) return fixture;
    return { ...fixture, expected: { ...expected, message: expected.message.replace("NAME", name) } };
  });
}
