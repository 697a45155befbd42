/**
 * A model server that answers at once: what is left of a job's time is the farm's own. It speaks the OpenAI wire,
 * streamed or not, so that any daemon can be measured with it.
 *
 *     bun bench/instant-brain.ts [--port N] [--tool-turns N] [--tool NAME] [--tool-input JSON] [--delay-ms N]
 *
 * Prints its base URL when it listens. A conversation's first `--tool-turns` answers (default 0) call the tool (default
 * bash with `{"command":"true"}`); the next one is a text and ends the job. Listens on loopback only.
 */
import { parseArgs } from "node:util";

export interface InstantBrainOptions {
  /** 0 takes a free one. */
  readonly port?: number;
  /** Answers of a conversation that call the tool, before the one that ends it. */
  readonly toolTurns?: number;
  readonly tool?: string;
  /** The arguments of each call, as JSON. */
  readonly toolInput?: string;
  /** Before each answer. */
  readonly delayMs?: number;
}

export interface InstantBrain {
  /** For `brain.base_url`. */
  readonly baseUrl: string;
  /** Answers given so far. */
  readonly answers: () => number;
  readonly close: () => Promise<void>;
}

const USAGE = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 };
const EVENT_STREAM = { headers: { "content-type": "text/event-stream" } };
const JSON_BODY = { headers: { "content-type": "application/json" } };

/** Opens the server; whoever opens it closes it. The answers are made once, so that they cost nothing. */
export function openInstantBrain(options: InstantBrainOptions = {}): InstantBrain {
  const { toolTurns = 0, tool = "bash", toolInput = '{"command":"true"}', delayMs = 0 } = options;
  const call = { index: 0, id: "call_1", type: "function", function: { name: tool, arguments: toolInput } };
  const answers = {
    tool: toBodies({ role: "assistant", content: null, tool_calls: [call] }, "tool_calls"),
    text: toBodies({ role: "assistant", content: "Done." }, "stop"),
  };
  let count = 0;
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: options.port ?? 0,
    idleTimeout: 0,
    async fetch(request) {
      if (request.method !== "POST")
        return Response.json({ object: "list", data: [{ id: "instant", object: "model" }] });
      const { messages = [], stream = false } = (await request.json()) as ChatRequest;
      if (delayMs > 0) await Bun.sleep(delayMs);
      const answered = messages.filter(({ role }) => role === "assistant").length;
      const { events, whole } = answered < toolTurns ? answers.tool : answers.text;
      count += 1;
      return stream ? new Response(events, EVENT_STREAM) : new Response(whole, JSON_BODY);
    },
  });
  return {
    baseUrl: `http://127.0.0.1:${server.port}/v1`,
    answers: () => count,
    close: () => server.stop(true),
  };
}

interface ChatRequest {
  readonly messages?: readonly { readonly role: string }[];
  readonly stream?: boolean;
}

/** The same answer as a stream and as a whole. */
function toBodies(message: object, finish_reason: string): { readonly events: string; readonly whole: string } {
  const head = { id: "instant", created: 0, model: "instant" };
  const chunks = [
    { ...head, object: "chat.completion.chunk", choices: [{ index: 0, delta: message, finish_reason: null }] },
    { ...head, object: "chat.completion.chunk", choices: [{ index: 0, delta: {}, finish_reason }] },
    { ...head, object: "chat.completion.chunk", choices: [], usage: USAGE },
  ];
  const events = [...chunks.map((chunk) => JSON.stringify(chunk)), "[DONE]"]
    .map((text) => `data: ${text}\n\n`)
    .join("");
  const choices = [{ index: 0, message, finish_reason }];
  return { events, whole: JSON.stringify({ ...head, object: "chat.completion", choices, usage: USAGE }) };
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      port: { type: "string", default: "0" },
      "tool-turns": { type: "string", default: "0" },
      tool: { type: "string", default: "bash" },
      "tool-input": { type: "string", default: '{"command":"true"}' },
      "delay-ms": { type: "string", default: "0" },
    },
  });
  JSON.parse(values["tool-input"]); // an input that is no JSON is a mistake of whoever starts the bench
  const brain = openInstantBrain({
    port: readCount("port", values.port),
    toolTurns: readCount("tool-turns", values["tool-turns"]),
    tool: values.tool,
    toolInput: values["tool-input"],
    delayMs: readCount("delay-ms", values["delay-ms"]),
  });
  console.log(brain.baseUrl);
}

function readCount(name: string, text: string): number {
  if (/^\d{1,6}$/.test(text)) return Number(text);
  console.error(`--${name} must be a whole number, not ${JSON.stringify(text)}`);
  process.exit(2);
}
