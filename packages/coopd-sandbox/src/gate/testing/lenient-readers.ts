/** How one kind of server reads what is no strict HTTP/1.x. */
export interface Habits {
  readonly lineEnd: RegExp;
  /** Of a field that comes twice. */
  readonly takes: "first" | "last";
  /** Where there is a length and a coding. */
  readonly trusts: "length" | "coding";
  /** `_` in a name is `-`. */
  readonly dashes: boolean;
  /** A coding counts when the word is in it, else when it is the whole value. */
  readonly findsCoding: boolean;
}

/** One request as some server sees it. */
export interface SeenRequest {
  readonly line: string;
  readonly host: string | undefined;
  readonly bodyBytes: number;
}

/** Every combination of habits: 48 servers. */
export const SERVERS: readonly Habits[] = [/\r\n/, /\r?\n/, /\r\n|\n|\r/].flatMap((lineEnd) =>
  (["first", "last"] as const).flatMap((takes) =>
    (["length", "coding"] as const).flatMap((trusts) =>
      [true, false].flatMap((dashes) =>
        [true, false].map((findsCoding) => ({ lineEnd, takes, trusts, dashes, findsCoding })),
      ),
    ),
  ),
);

/** More requests than this are enough to know. */
const REQUESTS_MAX = 4;

/** Reads a stream of bytes (as Latin-1) as one server would: every request it sees in it, one after the other. */
export function readAs(habits: Habits, stream: string): readonly SeenRequest[] {
  const seen: SeenRequest[] = [];
  let rest = stream;
  while (rest !== "" && seen.length < REQUESTS_MAX) {
    const head = splitHead(habits, rest);
    if (head === undefined) {
      seen.push({ line: rest, host: undefined, bodyBytes: 0 });
      break;
    }
    const [line = "", ...lines] = head.lines;
    const fields = readFields(habits, lines);
    const end = endOfBody(habits, fields, head.rest);
    seen.push({ line, host: fields.get("host"), bodyBytes: end });
    rest = head.rest.slice(end);
  }
  return seen;
}

function splitHead(
  { lineEnd }: Habits,
  text: string,
): { readonly lines: readonly string[]; readonly rest: string } | undefined {
  const lines: string[] = [];
  let rest = text;
  for (;;) {
    const end = lineEnd.exec(rest);
    if (end === null) return undefined;
    const line = rest.slice(0, end.index);
    rest = rest.slice(end.index + end[0].length);
    if (line === "" && lines.length > 0) return { lines, rest };
    if (line !== "") lines.push(line);
  }
}

function readFields({ takes, dashes }: Habits, lines: readonly string[]): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  for (const line of lines) {
    const colon = line.indexOf(":");
    const name = line
      .slice(0, colon < 0 ? line.length : colon)
      .trim()
      .toLowerCase();
    const key = dashes ? name.replaceAll("_", "-") : name;
    const value = colon < 0 ? "" : line.slice(colon + 1).trim();
    if (takes === "last" || !fields.has(key)) fields.set(key, value);
  }
  return fields;
}

function endOfBody(habits: Habits, fields: ReadonlyMap<string, string>, rest: string): number {
  const length = Number.parseInt(fields.get("content-length") ?? "", 10);
  const coding = fields.get("transfer-encoding")?.toLowerCase();
  const isChunked = coding !== undefined && (habits.findsCoding ? coding.includes("chunked") : coding === "chunked");
  if (!Number.isNaN(length) && (habits.trusts === "length" || !isChunked)) return Math.max(0, length);
  return isChunked ? endOfChunks(habits, rest) : 0;
}

function endOfChunks({ lineEnd }: Habits, text: string): number {
  let at = 0;
  for (;;) {
    const end = lineEnd.exec(text.slice(at));
    if (end === null) return text.length;
    const size = Number.parseInt(text.slice(at, at + end.index), 16);
    at += end.index + end[0].length;
    if (Number.isNaN(size)) return at;
    if (size > 0) {
      at += size;
      const gap = lineEnd.exec(text.slice(at));
      if (gap?.index === 0) at += gap[0].length;
      continue;
    }
    for (;;) {
      const trailer = lineEnd.exec(text.slice(at));
      if (trailer === null) return text.length;
      at += trailer.index + trailer[0].length;
      if (trailer.index === 0) return at;
    }
  }
}
