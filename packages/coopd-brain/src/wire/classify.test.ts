import { expect, test } from "bun:test";
import { classify, statusMeant } from "./classify.ts";
import { parseSaid } from "./said.ts";

const said = (type: string, message: string, code: unknown = null) =>
  JSON.stringify({ error: { type, message, code } });

/** Refusals as providers and servers word them. */
const rows: [number | undefined, string, string][] = [
  [401, '{"type":"error","error":{"type":"authentication_error","message":"invalid x-api-key"}}', "brain_auth"],
  [403, said("permission_error", "Your API key does not have permission"), "brain_auth"],
  [402, said("billing_error", "Payment required"), "brain_auth"],
  [400, said("invalid_request_error", "Your credit balance is too low to access the Anthropic API."), "brain_auth"],
  [
    429,
    said("insufficient_quota", "You exceeded your current quota, please check your plan", "insufficient_quota"),
    "brain_auth",
  ],
  [
    400,
    '[{"error":{"code":400,"message":"API key not valid. Please pass a valid API key.","status":"INVALID_ARGUMENT"}}]',
    "brain_auth",
  ],
  [429, said("rate_limit_error", "This request would exceed your organization's rate limit"), "brain_rate_limited"],
  [429, said("tokens", "Rate limit reached for gpt on tokens per min", "rate_limit_exceeded"), "brain_rate_limited"],
  [429, "slow down", "brain_rate_limited"],
  [529, said("overloaded_error", "Overloaded"), "brain_overloaded"],
  [503, "", "brain_overloaded"],
  [500, said("server_error", "The server is currently overloaded with other requests"), "brain_overloaded"],
  [500, said("api_error", "Internal server error"), "brain_unavailable"],
  [504, said("timeout_error", "Request timed out"), "brain_unavailable"],
  [400, said("invalid_request_error", "prompt is too long: 210000 tokens > 200000 maximum"), "brain_context_too_long"],
  [
    400,
    said("invalid_request_error", "input length and `max_tokens` exceed context limit: 199000 + 4096 > 200000"),
    "brain_context_too_long",
  ],
  [
    400,
    said("invalid_request_error", "This model's maximum context length is 8192 tokens", "context_length_exceeded"),
    "brain_context_too_long",
  ],
  [
    400,
    said("exceed_context_size_error", "the request exceeds the available context size", 400),
    "brain_context_too_long",
  ],
  [500, said("", "the request exceeds the available context size"), "brain_context_too_long"],
  [413, said("request_too_large", "Request exceeds the maximum size"), "brain_context_too_long"],
  [400, said("invalid_request_error", "The response was filtered", "content_filter"), "brain_refused"],
  [400, said("", "Your request was rejected by our safety system", "content_policy_violation"), "brain_refused"],
  [404, said("not_found_error", "model: claude-nope"), "brain_bad_request"],
  [404, said("invalid_request_error", "The model `gpt-nope` does not exist", "model_not_found"), "brain_bad_request"],
  [400, said("invalid_request_error", "tools.0.name: String should match pattern"), "brain_bad_request"],
  [422, '{"detail":[{"loc":["body","x"],"msg":"field required"}]}', "brain_bad_request"],
  [418, "", "brain_bad_request"],
  [undefined, said("overloaded_error", "Overloaded"), "brain_overloaded"],
  [undefined, said("", "upstream fell over"), "brain_unavailable"],
];

test.each(rows)("%p %s is %s", (status, body, code) => {
  const words = parseSaid(body);
  expect(classify(status ?? statusMeant(words), words)).toBe(code as never);
});

test("what a server says is found wherever it puts it", () => {
  const rows: [string, object][] = [
    ["no", { type: "", code: "", message: "no" }],
    ["", { type: "", code: "", message: "" }],
    ["null", { message: "null" }],
    ['{"error":"no"}', { message: "no" }],
    ['{"error":{"message":"no","type":"t","code":"c"}}', { type: "t", code: "c", message: "no" }],
    ['{"type":"error","error":{"type":"t","message":"no"}}', { type: "t", message: "no" }],
    ['{"object":"error","message":"no","type":"t","code":400}', { type: "t", code: "400", message: "no" }],
    ['{"detail":"no"}', { message: "no" }],
    ['[{"error":{"code":400,"message":"no","status":"BAD"}}]', { type: "BAD", code: "400", message: "no" }],
    ['{"a":1}', { message: '{"a":1}' }],
  ];
  for (const [body, expected] of rows) expect(parseSaid(body)).toMatchObject(expected);
});
