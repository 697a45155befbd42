/** What a test model answers one request with. */
export interface ModelReply {
  readonly status?: number;
  readonly text?: string;
  readonly tools?: readonly { readonly name: string; readonly input: unknown }[];
  readonly input?: number;
  readonly output?: number;
  /** The answer waits for this. */
  readonly after?: Promise<unknown>;
  /** The server names no counts. */
  readonly isUncounted?: boolean;
}

/** One request as it came in. */
export interface ModelRequest {
  readonly model: string;
  readonly messages: readonly { readonly role: string; readonly content: unknown }[];
  readonly max_tokens?: number;
}

export interface TestModels extends Disposable {
  readonly baseUrl: string;
  readonly seen: readonly ModelRequest[];
  /** Requests that wait for their answer now, and the most there ever were. */
  readonly underWay: () => { readonly now: number; readonly most: number };
}

/** A model server on loopback that speaks Chat Completions and says what the test says. */
export function openTestModels(reply: (request: ModelRequest, count: number) => ModelReply): TestModels {
  const seen: ModelRequest[] = [];
  let [now, most] = [0, 0];
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    idleTimeout: 0,
    async fetch(raw) {
      const request = (await raw.json()) as ModelRequest;
      seen.push(request);
      now += 1;
      most = Math.max(most, now);
      try {
        const answer = reply(request, seen.length - 1);
        await answer.after;
        return toResponse(answer);
      } finally {
        now -= 1;
      }
    },
  });
  return {
    baseUrl: `http://127.0.0.1:${server.port}/v1`,
    seen,
    underWay: () => ({ now, most }),
    [Symbol.dispose]: () => void server.stop(true),
  };
}

function toResponse({
  status = 200,
  text = "",
  tools = [],
  input = 10,
  output = 5,
  isUncounted,
}: ModelReply): Response {
  if (status !== 200) return Response.json({ error: { message: "no" } }, { status });
  const calls = tools.map(({ name, input: given }, index) => ({
    index,
    id: `call_${index}`,
    type: "function",
    function: { name, arguments: JSON.stringify(given) },
  }));
  const message = { role: "assistant", content: text, ...(calls.length === 0 ? {} : { tool_calls: calls }) };
  const finish_reason = calls.length === 0 ? "stop" : "tool_calls";
  const usage = isUncounted === true ? null : { prompt_tokens: input, completion_tokens: output };
  const chunk = {
    id: "c",
    object: "chat.completion.chunk",
    choices: [{ index: 0, delta: message, finish_reason }],
    usage,
  };
  return new Response(`data: ${JSON.stringify(chunk)}\n\ndata: [DONE]\n\n`, {
    headers: { "content-type": "text/event-stream" },
  });
}

/** A hen that thinks with such a server; `limits` is a flow map, `brain` more keys of its brain. */
export function modelHen(
  name: string,
  baseUrl: string,
  parts: { readonly limits?: string; readonly brain?: string; readonly model?: string; readonly extra?: string } = {},
): string {
  const { limits = "{}", brain = "", model = "paid", extra = "" } = parts;
  return `spec_version: coop/v1
name: ${name}
brain: {provider_id: none, provider: openai-compat, base_url: "${baseUrl}", model: ${model}${brain === "" ? "" : `, ${brain}`}}
tools: [bash, delegate]
network: {policy: "off"}
limits: ${limits}
${extra}`;
}

/** A price list with one model, `paid`: 1 dollar for a million tokens in, 10 out, so a token is 1 or 10 millionths. */
export const PRICES = JSON.stringify({
  models: [{ provider: "openai-compat", model: "paid", usd_per_million: { input: 1, output: 10 } }],
});
