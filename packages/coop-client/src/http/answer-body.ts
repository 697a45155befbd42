import { CoopError } from "coopd-core";

/** The largest answer that is read: a page of 1,000 jobs with results of 64 KB each. More is not an answer of coopd. */
export const ANSWER_BYTES_MAX = 67_108_864;

/** Reads a body up to a limit, so that an endless answer cannot fill the memory. @throws CoopError `bad_answer` */
export async function readAnswerText(response: Response, bytesMax = ANSWER_BYTES_MAX): Promise<string> {
  const { text, isWhole } = await readUpTo(response, bytesMax);
  if (isWhole) return text;
  throw new CoopError("bad_answer", `the answer is larger than ${bytesMax} bytes`, {
    next: "Ask for less at once, with --limit.",
  });
}

/** The start of a body, for showing it to a person; the rest is not read. */
export async function readAnswerStart(response: Response, bytesMax: number): Promise<string> {
  return (await readUpTo(response, bytesMax)).text;
}

async function readUpTo(response: Response, bytesMax: number): Promise<{ text: string; isWhole: boolean }> {
  if (response.body === null) return { text: "", isWhole: true };
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  let text = "";
  let size = 0;
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return { text: text + decoder.decode(), isWhole: true };
    const room = bytesMax - size;
    size += value.length;
    text += decoder.decode(value.subarray(0, room), { stream: true });
    if (size <= bytesMax) continue;
    await reader.cancel();
    return { text, isWhole: false };
  }
}

/** @throws CoopError `bad_answer` when it is not JSON */
export function parseAnswer(text: string, url: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const shown = text.trim() === "" ? "an empty answer" : `not JSON: ${clipText(text)}`;
    throw notCoop(url, shown, error);
  }
}

/** One line of at most 300 characters. */
export function clipText(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length > 300 ? `${line.slice(0, 300)}…` : line;
}

/** What answered is no coopd, or a proxy spoke in its place. */
export function notCoop(url: string, what: string, cause?: unknown): CoopError {
  return new CoopError("bad_answer", `${url} gave ${what}`, {
    next: "Check that this is the address of a coopd: coop --api URL, or COOP_API.",
    ...(cause === undefined ? {} : { cause }),
  });
}
