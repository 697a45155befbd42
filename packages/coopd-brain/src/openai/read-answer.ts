import { CoopError } from "coopd-core";
import type { OpenAI } from "openai";
import type { AnswerCollector } from "./answer-collector.ts";
import { excerpt } from "./brain-error.ts";
import { recordOf } from "./loose-json.ts";
import { loadSdk } from "./sdk.ts";

/**
 * Reads the body of a 2xx answer into the collector and gives the texts of a stream as they come. What the body is
 * decides, not what was asked for: a server may answer with JSON where a stream was asked for, and may label a stream
 * as anything.
 * @throws CoopError `brain_answer_invalid`; the SDK's APIError for an error that comes inside a stream
 */
export async function* readAnswer(
  response: Response,
  collector: AnswerCollector,
  call: { readonly controller: AbortController; readonly client: OpenAI },
): AsyncGenerator<string> {
  if (/^\s*text\/event-stream\b/i.test(response.headers.get("content-type") ?? "")) {
    yield* readEvents(response, collector, call);
    return;
  }
  const text = await response.text();
  if (/^\s*(?:data|event|id|retry)?:/.test(text)) {
    yield* readEvents(new Response(text), collector, call);
    return;
  }
  const body = parseJson(text);
  const { error, choices } = recordOf(body);
  if (error !== undefined && error !== null && choices === undefined) {
    const { APIError } = await loadSdk();
    throw new APIError(undefined, recordOf(error), undefined, undefined);
  }
  collector.addWhole(body);
}

async function* readEvents(
  response: Response,
  collector: AnswerCollector,
  { controller, client }: { readonly controller: AbortController; readonly client: OpenAI },
): AsyncGenerator<string> {
  const { Stream } = await loadSdk();
  const events = Stream.fromSSEResponse<unknown>(response, controller, client);
  try {
    for await (const event of events) {
      const text = collector.addChunk(event);
      if (text !== "") yield text;
    }
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    // Left out, it might have been a part of the answer, and nobody would know.
    throw new CoopError("brain_answer_invalid", "openai-compat: an event of the stream is not JSON", { cause: error });
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const start = excerpt(text);
    throw new CoopError("brain_answer_invalid", `openai-compat: the answer is no JSON and no event stream: ${start}`, {
      next: "Check brain.base_url; most servers want it to end in /v1.",
      cause: error,
    });
  }
}
