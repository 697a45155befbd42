/** A model server that the hens of the suite think with; Chat Completions, streamed or whole, as it is asked. */
export interface ModelServer {
  /** Says "Done." */
  readonly answering: string;
  /** Calls bash once, then says "Done." */
  readonly working: string;
  /** Lets nobody in: 401. */
  readonly refusing: string;
  /** Never answers. */
  readonly hanging: string;
  readonly close: () => Promise<void>;
}

interface ChatRequest {
  readonly stream?: boolean;
  readonly messages?: readonly { readonly role: string }[];
}

/** Opens it on loopback, at a free port; whoever opens it closes it. */
export function openModelServer(): ModelServer {
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    idleTimeout: 0,
    async fetch(request) {
      const { pathname } = new URL(request.url);
      if (pathname.startsWith("/refusing")) {
        return Response.json({ error: { message: "invalid api key", type: "invalid_request_error" } }, { status: 401 });
      }
      const asked = (await request.json()) as ChatRequest;
      if (pathname.startsWith("/hanging")) return await new Promise<Response>(() => {});
      const hasWorked = asked.messages?.some(({ role }) => role === "tool") === true;
      return answer(asked.stream === true, pathname.startsWith("/working") && !hasWorked);
    },
  });
  const base = (name: string) => `http://127.0.0.1:${server.port}/${name}/v1`;
  return {
    answering: base("answering"),
    working: base("working"),
    refusing: base("refusing"),
    hanging: base("hanging"),
    close: () => server.stop(true),
  };
}

function answer(isStream: boolean, isCall: boolean): Response {
  const call = { id: "call_1", type: "function", function: { name: "bash", arguments: '{"command":"echo hi"}' } };
  const message = isCall
    ? { role: "assistant", content: null, tool_calls: [{ index: 0, ...call }] }
    : { role: "assistant", content: "Done." };
  const reason = isCall ? "tool_calls" : "stop";
  const usage = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 };
  const head = { id: "chat-1", created: 0, model: "m" };
  if (!isStream) {
    const choices = [{ index: 0, message, finish_reason: reason }];
    return Response.json({ ...head, object: "chat.completion", choices, usage });
  }
  const chunks = [
    { ...head, object: "chat.completion.chunk", choices: [{ index: 0, delta: message, finish_reason: null }] },
    { ...head, object: "chat.completion.chunk", choices: [{ index: 0, delta: {}, finish_reason: reason }] },
    { ...head, object: "chat.completion.chunk", choices: [], usage },
  ];
  const events = [...chunks.map((chunk) => JSON.stringify(chunk)), "[DONE]"].map((line) => `data: ${line}\n\n`);
  return new Response(events.join(""), { headers: { "content-type": "text/event-stream" } });
}
