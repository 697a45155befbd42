import { chunk, DONE, data, ok, refusal, said, tail } from "./chat-wire.ts";
import type { WireFixture } from "./serve-wire.ts";

/** How Chat Completions fail; NAME is the provider. */
const LIMIT = { type: "requests", code: "rate_limit_exceeded", message: "Rate limit reached" };

export const FAILURES: readonly WireFixture[] = [
  {
    name: "asks for tools and names none",
    answers: [{ pieces: [...tail("tool_calls")] }],
    expected: { code: "brain_answer_invalid", message: "NAME: the answer asks for tools and names none" },
  },
  {
    name: "an event that is no JSON",
    answers: [{ pieces: [chunk({ content: "a" }), "data: {oops\n\n", DONE] }],
    expected: { code: "brain_answer_invalid", message: "NAME: an event of the stream is not JSON" },
  },
  {
    name: "HTML",
    answers: [{ headers: { "content-type": "text/html" }, pieces: ["<html>Hello</html>"] }],
    expected: {
      code: "brain_answer_invalid",
      message: "NAME: the answer is no JSON and no event stream: <html>Hello</html>",
    },
  },
  {
    name: "an error in the middle of a stream, and then an answer",
    answers: [{ pieces: [chunk({ content: "half" }), data({ error: { code: 503, message: "busy" } })] }, ok],
    asked: 2,
    expected: said("fine"),
  },
  {
    name: "errors in the middle of every stream",
    answers: [{ pieces: [chunk({ content: "half" }), data({ error: { type: "server_error", message: "oh" } })] }],
    asked: 3,
    expected: { code: "brain_unavailable", message: "NAME 500: server_error: oh" },
  },
  {
    name: "a connection that is cut in the middle, and then an answer",
    answers: [{ pieces: [chunk({ content: "half" })], end: "cut" }, { pieces: [chunk({})], end: "reset" }, ok],
    asked: 3,
    expected: said("fine"),
  },
  {
    name: "a stream that ends in good order without its end, every time",
    answers: [{ pieces: [chunk({ content: "half" })] }],
    asked: 3,
    expected: { code: "brain_unavailable", message: "NAME: the answer broke off before its end" },
  },
  { name: "an empty body, and then an answer", answers: [{ pieces: [] }, ok], asked: 2, expected: said("fine") },
  {
    name: "401",
    answers: [
      refusal(401, {
        type: "invalid_request_error",
        code: "invalid_api_key",
        message: "Incorrect API key provided: sk-abcd****wxyz.",
      }),
    ],
    expected: {
      code: "brain_auth",
      message: "NAME 401: invalid_request_error: Incorrect API key provided: [key]",
    },
  },
  {
    name: "429 that is lifted",
    answers: [refusal(429, LIMIT, { "retry-after": "2" }), ok],
    asked: 2,
    expected: said("fine"),
  },
  {
    name: "429 that says in its own headers that it is not lifted for an hour",
    answers: [refusal(429, LIMIT, { "x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "1h0m0s" })],
    expected: { code: "brain_rate_limited", message: "NAME 429: requests: Rate limit reached", isTimed: true },
  },
  {
    name: "429 because the credit is used up",
    answers: [
      refusal(429, {
        type: "insufficient_quota",
        code: "insufficient_quota",
        message: "You exceeded your current quota",
      }),
    ],
    expected: { code: "brain_auth", message: "NAME 429: insufficient_quota: You exceeded your current quota" },
  },
  {
    name: "503 that passes",
    answers: [refusal(503, { message: "overloaded" }), ok],
    asked: 2,
    expected: said("fine"),
  },
  {
    name: "529 that stays",
    answers: [refusal(529, { message: "overloaded" })],
    asked: 6,
    expected: { code: "brain_overloaded", message: "NAME 529: overloaded" },
  },
  {
    name: "500 that stays",
    answers: [refusal(500, { type: "server_error", message: "oh" })],
    asked: 6,
    expected: { code: "brain_unavailable", message: "NAME 500: server_error: oh" },
  },
  {
    name: "a prompt that is too long",
    answers: [
      refusal(400, {
        code: "context_length_exceeded",
        message: "This model's maximum context length is 8192 tokens",
      }),
    ],
    expected: {
      code: "brain_context_too_long",
      message: "NAME 400: This model's maximum context length is 8192 tokens",
    },
  },
  {
    name: "a model that does not exist",
    answers: [refusal(404, { code: "model_not_found", message: "no such model" })],
    expected: { code: "brain_bad_request", message: "NAME 404: no such model" },
  },
];
