import { end, event, ok, REPLAYED, refusal, said, start, textBlock } from "./anthropic-wire.ts";
import type { WireFixture } from "./serve-wire.ts";

/** How Messages fail. */
export const FAILURES: readonly WireFixture[] = [
  {
    name: "asks for tools and names none",
    answers: [{ pieces: [start(), end("tool_use")] }],
    expected: { code: "brain_answer_invalid", message: "anthropic: the answer asks for tools and names none" },
  },
  {
    name: "an event that is no JSON",
    answers: [{ pieces: [start(), "event: content_block_delta\ndata: {oops\n\n", end()] }],
    expected: { code: "brain_answer_invalid", message: "anthropic: an event of the stream is not JSON" },
  },
  {
    name: "HTML",
    answers: [{ headers: { "content-type": "text/html" }, pieces: ["<html>Hello</html>"] }],
    expected: {
      code: "brain_answer_invalid",
      message: "anthropic: the answer is no JSON and no event stream: <html>Hello</html>",
    },
  },
  {
    name: "an error in the middle of a stream, and then an answer",
    answers: [
      {
        pieces: [
          start(),
          textBlock(0, "half"),
          event("error", { error: { type: "overloaded_error", message: "Overloaded" } }),
        ],
      },
      ok,
    ],
    asked: 2,
    expected: said("fine"),
  },
  {
    name: "errors in the middle of every stream",
    answers: [
      { pieces: [start(), textBlock(0, "half"), event("error", { error: { type: "api_error", message: "oh" } })] },
    ],
    asked: 3,
    expected: { code: "brain_unavailable", message: "anthropic 500: api_error: oh" },
  },
  {
    name: "a connection that is cut in the middle, and then an answer",
    answers: [{ pieces: [start(), textBlock(0, "half")], end: "cut" }, { pieces: [start()], end: "reset" }, ok],
    asked: 3,
    expected: said("fine"),
  },
  {
    name: "a stream that ends in good order without its end, every time",
    answers: [{ pieces: [start(), textBlock(0, "half")] }],
    asked: 3,
    expected: { code: "brain_unavailable", message: "anthropic: the answer broke off before its end" },
  },
  {
    name: "an empty body, and then an answer",
    answers: [{ pieces: [] }, ok],
    asked: 2,
    expected: said("fine"),
  },
  {
    name: "401",
    answers: [refusal(401, "authentication_error", "invalid x-api-key")],
    expected: { code: "brain_auth", message: "anthropic 401: authentication_error: invalid x-api-key" },
  },
  {
    name: "403",
    answers: [refusal(403, "permission_error", "not yours")],
    expected: { code: "brain_auth", message: "anthropic 403: permission_error: not yours" },
  },
  {
    name: "429 that is lifted",
    answers: [refusal(429, "rate_limit_error", "slow", { "retry-after": "2" }), ok],
    asked: 2,
    expected: said("fine"),
  },
  {
    name: "429 that is not lifted for an hour",
    answers: [refusal(429, "rate_limit_error", "slow", { "retry-after": "3600" })],
    expected: { code: "brain_rate_limited", message: "anthropic 429: rate_limit_error: slow", isTimed: true },
  },
  {
    name: "529 that passes",
    answers: [refusal(529, "overloaded_error", "Overloaded"), refusal(529, "overloaded_error", "Overloaded"), ok],
    asked: 3,
    expected: said("fine"),
  },
  {
    name: "529 that stays",
    answers: [refusal(529, "overloaded_error", "Overloaded")],
    asked: 6,
    expected: { code: "brain_overloaded", message: "anthropic 529: overloaded_error: Overloaded" },
  },
  {
    name: "500 that passes",
    answers: [refusal(500, "api_error", "Internal server error"), ok],
    asked: 2,
    expected: said("fine"),
  },
  {
    name: "a prompt that is too long",
    answers: [refusal(400, "invalid_request_error", "prompt is too long: 210000 tokens > 200000 maximum")],
    expected: {
      code: "brain_context_too_long",
      message: "anthropic 400: invalid_request_error: prompt is too long: 210000 tokens > 200000 maximum",
    },
  },
  {
    name: "a model that does not exist",
    answers: [refusal(404, "not_found_error", "model: m")],
    expected: { code: "brain_bad_request", message: "anthropic 404: not_found_error: model: m" },
  },
  {
    name: "a model that takes no temperature",
    answers: [refusal(400, "invalid_request_error", "temperature: not supported by this model"), ok],
    asked: 2,
    expected: said("fine"),
  },
  {
    name: "a server that knows neither caching, nor our thinking, nor our blocks",
    request: REPLAYED,
    answers: [
      refusal(400, "invalid_request_error", "system.0.cache_control: Extra inputs are not permitted"),
      refusal(400, "invalid_request_error", "messages.1.content.0: Invalid `signature` in `thinking` block"),
      refusal(400, "invalid_request_error", "messages.1.content.1: unexpected type hologram"),
      ok,
    ],
    asked: 4,
    expected: said("fine"),
  },
];
