import { invalidAnswer } from "./broken-off.ts";
import { excerpt } from "./scrub.ts";

/** True where the label says so; with the body's `text`, where the text begins like a stream whatever its label. */
export function isEventStream(response: Response, text?: string): boolean {
  if (/^\s*text\/event-stream\b/i.test(response.headers.get("content-type") ?? "")) return true;
  return text !== undefined && /^\s*(?:data|event|id|retry)?:/.test(text);
}

/** @throws CoopError `brain_answer_invalid` with the body's start */
export function parseAnswerJson(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw invalidAnswer(name, `the answer is no JSON and no event stream: ${excerpt(text)}`);
  }
}
