import type { OpenAI } from "openai";
import { AnswerError } from "../wire/brain-error.ts";
import { invalidAnswer } from "../wire/broken-off.ts";
import { recordOf } from "../wire/loose-json.ts";
import { isEventStream, parseAnswerJson } from "../wire/read-body.ts";
import { parseSaid, saidIn } from "../wire/said.ts";
import type { Surfaced } from "../wire/wire.ts";
import type { AnswerCollector } from "./answer-collector.ts";
import { loadSdk } from "./sdk.ts";

interface Reading {
  readonly controller: AbortController;
  readonly client: OpenAI;
  /** Begins the errors. */
  readonly name: string;
}

/**
 * Reads the body of a 2xx answer into the collector and gives what of a stream can be shown as it comes. What the body is
 * decides, not what was asked for: a server may answer with JSON where a stream was asked for, and may label a stream
 * as anything.
 * @throws CoopError `brain_answer_invalid`; AnswerError for an error that comes inside the answer
 */
export async function* readChatAnswer(
  response: Response,
  collector: AnswerCollector,
  reading: Reading,
): AsyncGenerator<Surfaced> {
  if (isEventStream(response)) return yield* readEvents(response, collector, reading);
  const text = await response.text();
  if (isEventStream(response, text)) return yield* readEvents(new Response(text), collector, reading);
  const body = parseAnswerJson(text, reading.name);
  const { error, choices } = recordOf(body);
  if (error !== undefined && error !== null && choices === undefined) throw new AnswerError(parseSaid(text));
  collector.addWhole(body);
}

async function* readEvents(response: Response, collector: AnswerCollector, { controller, client, name }: Reading) {
  const { Stream, APIError } = await loadSdk();
  const events = Stream.fromSSEResponse<unknown>(response, controller, client);
  try {
    for await (const event of events) yield* collector.addChunk(event);
  } catch (error) {
    // Left out, it might have been a part of the answer, and nobody would know.
    if (error instanceof SyntaxError) throw invalidAnswer(name, "an event of the stream is not JSON");
    if (!(error instanceof APIError) || error.status !== undefined) throw error;
    throw new AnswerError(saidIn({ error: error.error }) ?? { type: "", code: "", message: error.message });
  }
}
