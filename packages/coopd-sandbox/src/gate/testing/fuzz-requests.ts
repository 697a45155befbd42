import { parseFirstWords } from "../first-words.ts";
import { createBodyReader } from "../parse/request-body.ts";
import { parseRequestHead, type RequestHead } from "../parse/request-head.ts";
import { writeRequestHead } from "../parse/write-head.ts";
import { readAs, SERVERS } from "./lenient-readers.ts";
import { SMUGGLED, SMUGGLED_CHUNKS } from "./smuggling.ts";

/** What came of a fuzz: how many inputs, and how many of them went on. */
export interface FuzzCount {
  readonly inputs: number;
  readonly taken: number;
}

const CHUNKED = "POST http://a.test/ HTTP/1.1\r\nHost: a.test\r\nTransfer-Encoding: chunked\r\n\r\n";
const GOOD: readonly string[] = [
  "GET http://a.test/x?y=z HTTP/1.1\r\nHost: a.test\r\nAccept: */*\r\nCookie: a=b\r\n\r\n",
  "GET /x HTTP/1.1\r\nHost: a.test:8080\r\nUser-Agent: u\r\nConnection: keep-alive\r\n\r\n",
  "POST http://a.test:81/ HTTP/1.1\r\nHost: a.test:81\r\nContent-Length: 11\r\nContent-Type: t\r\n\r\nhello world",
  `${CHUNKED}5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n`,
  "GET http://a.test/ws HTTP/1.1\r\nHost: a.test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
  "CONNECT a.test:443 HTTP/1.1\r\nHost: a.test:443\r\n\r\n",
  "GET http://[2606:4700::1]:80/ HTTP/1.0\r\nHost: [2606:4700::1]\r\n\r\n",
];
const BAD: readonly string[] = [
  ...SMUGGLED.map(([, bytes]) => bytes).filter((bytes) => bytes.length < 1_000),
  ...SMUGGLED_CHUNKS.map(([, bytes]) => CHUNKED + bytes),
];

/** What makes readers disagree. */
const TOKENS: readonly string[] = [
  ...[
    "\r\n",
    "\n",
    "\r",
    "\r\n\r\n",
    "\n\n",
    " ",
    "\t",
    "\0",
    "\x0b",
    "\x85",
    "\xa0",
    ":",
    ";",
    ",",
    "/",
    "\\",
    "@",
    "#",
    "?",
    "_",
    "-",
    "%0d%0a",
    "0",
    "5",
  ],
  ...[
    "Host: b.test\r\n",
    "host:a.test\r\n",
    "Content-Length: 5\r\n",
    "Content-Length: 0\r\n",
    "Transfer-Encoding: chunked\r\n",
    "Transfer_Encoding: chunked\r\n",
  ],
  ...[
    "Connection: close\r\n",
    "X: y\r\n",
    " folded\r\n",
    "GET /hidden HTTP/1.1\r\nHost: b.test\r\n\r\n",
    "0\r\n\r\n",
    "HTTP/1.1",
    "HTTP/1.0",
    "chunked",
    "http://b.test/",
  ],
];

/**
 * Feeds changed requests to the gate's parsers, and what they would send on to {@link SERVERS}: all of them must see one request,
 * the one that was decided on, and nothing behind it. @throws Error with seed, round and input when they do not
 */
export function fuzzRequests(rounds: number, random: (below: number) => number): FuzzCount {
  let taken = 0;
  for (let round = 0; round < rounds; round += 1) {
    const seeds = random(3) === 0 ? BAD : GOOD;
    const input = mutate(seeds[random(seeds.length)] ?? "", random);
    try {
      if (judge(Buffer.from(input, "latin1"), random)) taken += 1;
    } catch (error) {
      throw new Error(`round ${round}: ${(error as Error).message}\n${JSON.stringify(input)}`, { cause: error });
    }
  }
  return { inputs: rounds, taken };
}

function mutate(seed: string, random: (below: number) => number): string {
  let text = seed;
  for (let count = random(4); count > 0; count -= 1) {
    const at = random(text.length + 1);
    const length = random(12);
    const token = TOKENS[random(TOKENS.length)] ?? "";
    const kind = random(6);
    if (kind <= 1) text = text.slice(0, at) + token + text.slice(at);
    else if (kind === 2) text = text.slice(0, at) + text.slice(at + length);
    else if (kind === 3) text = text.slice(0, at) + String.fromCharCode(random(256)) + text.slice(at + 1);
    else if (kind === 4) text = text.slice(0, at) + text.slice(at, at + length) + text.slice(at);
    else text = atLine(text, token, random);
  }
  return text;
}

/** A token where a line starts, which is where it does most. */
function atLine(text: string, token: string, random: (below: number) => number): string {
  const starts = [...text.matchAll(/\r\n/g)].map(({ index }) => index + 2);
  const at = starts[random(Math.max(1, starts.length))] ?? 0;
  return text.slice(0, at) + token + text.slice(at);
}

/** True when it went on. */
function judge(input: Buffer, random: (below: number) => number): boolean {
  const head = parseRequestHead(input);
  parsesAlike(input, head.kind, random);
  const words = parseFirstWords(input, 80);
  if (words.kind === "raw" && looksLikeRequest(input))
    throw new Error("what a server takes for a request is carried as raw bytes");
  if (head.kind !== "head" || head.form === "authority") return false;
  const { host, port } = head.authority ?? { host: "known.test", port: 80 };
  const out = forward(head, host, port, input.subarray(head.length));
  if (out === null) return false;
  const wanted = `${head.method} ${head.target} HTTP/${head.version}`;
  const wantedHost = port === 80 ? host : `${host}:${port}`;
  for (const server of SERVERS) {
    const [first, second] = readAs(server, out);
    if (first?.line !== wanted) throw new Error(`${JSON.stringify(server)} sees ${JSON.stringify(first?.line)}`);
    if (first.host !== wantedHost) throw new Error(`a server sees Host ${first.host}`);
    if (second !== undefined) throw new Error(`a server sees a second request ${JSON.stringify(second)}`);
  }
  return true;
}

/** A prefix is waited for or refused, never read as something else. */
function parsesAlike(input: Buffer, kind: string, random: (below: number) => number): void {
  const prefix = parseRequestHead(input.subarray(0, random(input.length + 1)));
  if (kind === "head" && prefix.kind === "fault") throw new Error(`a part of it is refused: ${prefix.reason}`);
  if (kind === "more" && prefix.kind === "head") throw new Error("a part of it is read and the whole is not");
}

/** All that goes on: the head, and as much of the body as is one. Null when it is refused. */
function forward(head: RequestHead, host: string, port: number, rest: Uint8Array): string | null {
  const parts = [writeRequestHead(head, host, port)];
  if (!head.isWebSocket) {
    const step = createBodyReader(head.body).push(rest);
    if ("kind" in step) return null;
    parts.push(...step.out);
    if (!step.isOver && head.body.kind === "length") return null; // it never becomes whole
  }
  return Buffer.concat(parts).toString("latin1");
}

function looksLikeRequest(input: Buffer): boolean {
  const [first = ""] = input
    .toString("latin1")
    .replace(/^[\r\n\t ]+/, "")
    .split(/\r?\n/);
  return /^[a-z]+[\t ].*[\t ]http\/\d/i.test(first) && input.includes("\n");
}
