/** A model server that gives the key back in every way it can: in refusals, headers, streams and answers. */
export interface LeakyServer {
  readonly baseUrl: string;
  readonly host: string;
  /** Keys that came. */
  readonly keys: ReadonlySet<string>;
  close(): Promise<void>;
}

/** The prompt's first word says how it answers. */
export function openLeakyServer(): LeakyServer {
  const keys = new Set<string>();
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    async fetch(request) {
      const key = (request.headers.get("authorization") ?? "").replace("Bearer ", "");
      keys.add(key);
      const { messages } = (await request.json()) as { messages: { role: string; content: unknown }[] };
      const prompt = JSON.stringify(messages.filter(({ role }) => role === "user"));
      const turn = messages.filter(({ role }) => role === "assistant").length;
      for (const [word, answer] of Object.entries(ANSWERS)) if (prompt.includes(word)) return answer(key, turn);
      return stream([text("Done.")], "stop");
    },
  });
  const host = `127.0.0.1:${server.port}`;
  return { baseUrl: `http://${host}/v1`, host, keys, close: () => server.stop(true) };
}

const ANSWERS: Readonly<Record<string, (key: string, turn: number) => Response>> = {
  "answer-401": (key) => refusal(key, 401),
  "answer-400": (key) => refusal(key, 400),
  "answer-500": (key) => refusal(key, 500),
  "answer-html": (key) => new Response(`<html>${key} Bearer ${key}</html>`, { status: 403 }),
  "answer-redirect": (key) =>
    new Response(null, { status: 302, headers: { location: `http://127.0.0.1:1/?key=${key}` } }),
  "answer-garbage": (key) => new Response(`data: {"choices": ${key}}\n\n`, { headers: EVENTS }),
  "answer-error-event": (key) =>
    new Response(`data: ${JSON.stringify({ error: { message: `bad key ${key}` } })}\n\n`, { headers: EVENTS }),
  "answer-key": (key) => stream([text(`Your key is ${key}, I think.`)], "stop"),
  "answer-key-split": (key) => stream([text(`Your key is ${key.slice(0, 9)}`), text(key.slice(9))], "stop"),
  "answer-tool": (key, turn) =>
    turn > 0 ? stream([text("Done.")], "stop") : stream([tool(LOOK_AROUND)], "tool_calls", key),
};

/** What a hen could see: its own environment and that of everything in its walls. */
const LOOK_AROUND =
  "env; cat /proc/*/environ /proc/*/cmdline 2>/dev/null | tr '\\0' '\\n'; cat /etc/* 2>/dev/null | head -c 50000; sleep 1";

const EVENTS = { "content-type": "text/event-stream" };

function refusal(key: string, status: number): Response {
  const message = `Incorrect API key provided: ${key}. Authorization: Bearer ${key}`;
  return Response.json({ error: { message, type: key, code: key } }, { status, headers: { "x-debug": key } });
}

const text = (content: string) => ({ content });
const tool = (command: string) => ({
  tool_calls: [
    { index: 0, id: "call_1", type: "function", function: { name: "bash", arguments: JSON.stringify({ command }) } },
  ],
});

function stream(deltas: readonly object[], finish_reason: string, header = "none"): Response {
  const head = { id: "1", object: "chat.completion.chunk", created: 0, model: "m" };
  const chunks = [
    ...deltas.map((delta) => ({
      ...head,
      choices: [{ index: 0, delta: { role: "assistant", ...delta }, finish_reason: null }],
    })),
    { ...head, choices: [{ index: 0, delta: {}, finish_reason }] },
    { ...head, choices: [], usage: { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 } },
  ];
  const body = [...chunks.map((chunk) => JSON.stringify(chunk)), "[DONE]"].map((line) => `data: ${line}\n\n`).join("");
  return new Response(body, { headers: { ...EVENTS, "x-request-id": header } });
}
