import { CoopError } from "coopd-core";

/** One event of a stream: its data, and the id to come back with. */
export interface StreamEvent {
  readonly id: string | undefined;
  readonly data: string;
}

/** The longest event a daemon sends: 262,144 characters, each written as six in JSON at worst. */
const EVENT_CHARS_MAX = 2 * 1024 * 1024;

/**
 * Server-Sent Events out of bytes (HTML Living Standard §9.2.6): lines end in LF, CR or both, an empty line ends an event;
 * comments and other fields are passed over. An event without its empty line is not one. @throws CoopError `bad_answer`
 */
export async function* readEventStream(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<StreamEvent> {
  const decoder = new TextDecoder();
  let text = "";
  let id: string | undefined;
  let data: string[] = [];
  for await (const piece of bytes) {
    text += decoder.decode(piece, { stream: true });
    const isSplit = text.endsWith("\r"); // its LF may be on the way
    const lines = (isSplit ? text.slice(0, -1) : text).split(/\r\n|\n|\r/);
    text = (lines.pop() ?? "") + (isSplit ? "\r" : "");
    for (const line of lines) {
      const [field, value] = fieldOf(line);
      if (field === "id") id = value;
      if (field === "data") data.push(value);
      if (line !== "" || data.length === 0) continue;
      yield { id, data: data.join("\n") };
      data = [];
    }
    const chars = data.reduce((sum, it) => sum + it.length, text.length);
    if (chars > EVENT_CHARS_MAX) throw new CoopError("bad_answer", "an event of the stream has no end");
  }
}

function fieldOf(line: string): readonly [string, string] {
  const colon = line.indexOf(":");
  if (colon < 0) return [line, ""];
  return [line.slice(0, colon), line.slice(colon + 1).replace(/^ /, "")];
}
