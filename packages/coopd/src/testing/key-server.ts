/** An OpenAI-compatible model server that wants a key, on loopback. Whoever opens it closes it. */
export interface KeyServer {
  /** For `brain.base_url`. */
  readonly baseUrl: string;
  /** `HOST:PORT`, for binding a secret to it. */
  readonly host: string;
  /** The keys that came, in order. */
  readonly keys: readonly string[];
  /** The key that is taken; any when undefined. Another one is echoed in the refusal, as some servers do. */
  key: string | undefined;
  /** Called before each answer. */
  onCall: (call: number) => Promise<void> | void;
  close(): Promise<void>;
}

/** Answers `toolTurns` times with a call of bash, then with a text. */
export function openKeyServer({ toolTurns = 0, command = "true" } = {}): KeyServer {
  const keys: string[] = [];
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    async fetch(request) {
      const key = (request.headers.get("authorization") ?? "").replace("Bearer ", "");
      keys.push(key);
      const { messages } = (await request.json()) as { messages: { role: string }[] };
      await fake.onCall(keys.length);
      if (fake.key !== undefined && key !== fake.key) {
        const message = `Incorrect API key provided: ${key}.`;
        return Response.json({ error: { message, code: "invalid_api_key" } }, { status: 401 });
      }
      const turn = messages.filter(({ role }) => role === "assistant").length;
      return turn < toolTurns
        ? answerOf(toolCall(command, turn), "tool_calls")
        : answerOf({ content: "Done." }, "stop");
    },
  });
  const host = `127.0.0.1:${server.port}`;
  const fake: KeyServer = {
    baseUrl: `http://${host}/v1`,
    host,
    keys,
    key: undefined,
    onCall: () => {},
    close: () => server.stop(true),
  };
  return fake;
}

function toolCall(command: string, turn: number) {
  const call = { name: "bash", arguments: JSON.stringify({ command }) };
  return { content: null, tool_calls: [{ index: 0, id: `call_${turn}`, type: "function", function: call }] };
}

function answerOf(delta: object, finish_reason: string): Response {
  const head = { id: "1", object: "chat.completion.chunk", created: 0, model: "m" };
  const chunks = [
    { ...head, choices: [{ index: 0, delta: { role: "assistant", ...delta }, finish_reason: null }] },
    { ...head, choices: [{ index: 0, delta: {}, finish_reason }] },
    { ...head, choices: [], usage: { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 } },
  ];
  const text = [...chunks.map((chunk) => JSON.stringify(chunk)), "[DONE]"].map((line) => `data: ${line}\n\n`).join("");
  return new Response(text, { headers: { "content-type": "text/event-stream" } });
}

/** A hen that thinks with this server, under a key. */
export function keyedHen(name: string, server: Pick<KeyServer, "baseUrl">, ref = "vault:key"): string {
  return `spec_version: coop/v1
name: ${name}
brain: {provider_id: "${ref}", provider: openai-compat, base_url: "${server.baseUrl}", model: m}
tools: [bash]
network: {policy: "off"}
`;
}
