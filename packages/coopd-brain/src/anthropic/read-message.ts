import { invalidAnswer } from "../wire/broken-off.ts";
import { recordOf } from "../wire/loose-json.ts";
import { isEventStream, parseAnswerJson } from "../wire/read-body.ts";
import type { Surfaced } from "../wire/wire.ts";
import type { MessageCollector } from "./message-collector.ts";
import { loadSdk } from "./sdk.ts";

interface Reading {
  readonly controller: AbortController;
  /** Begins the errors. */
  readonly name: string;
}

/**
 * Reads the body of a 2xx answer into the collector and gives what of a stream can be shown as it comes. What the body is
 * decides, as with every wire: a compatible server may answer with JSON where a stream was asked for.
 * @throws CoopError `brain_answer_invalid`; AnswerError for an error that comes inside the answer
 */
export async function* readMessage(
  response: Response,
  collector: MessageCollector,
  reading: Reading,
): AsyncGenerator<Surfaced> {
  if (isEventStream(response)) return yield* readEvents(response, collector, reading);
  const text = await response.text();
  if (isEventStream(response, text)) return yield* readEvents(new Response(text), collector, reading);
  collector.addWhole(parseAnswerJson(text, reading.name));
}

/**
 * The SDK's own events rather than its messages: those give up on a second `message_start`, on events without a name, and on
 * a stream whose last event lacks its blank line.
 */
async function* readEvents(response: Response, collector: MessageCollector, { controller, name }: Reading) {
  const { Stream } = await loadSdk();
  for await (const { event, data } of Stream.rawEvents(response, controller)) {
    if (data.trim() === "" || data.trim() === "[DONE]") continue;
    const fields = recordOf(parseEvent(data, name));
    yield* collector.addEvent(fields.type === undefined ? { ...fields, type: event } : fields);
    if (collector.isStopped) return;
  }
}

/** Left out, an event might have been a part of the answer, and nobody would know. */
function parseEvent(data: string, name: string): unknown {
  try {
    return JSON.parse(data);
  } catch {
    throw invalidAnswer(name, "an event of the stream is not JSON");
  }
}
