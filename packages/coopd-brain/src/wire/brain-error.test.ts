import { describe, expect, test } from "bun:test";
import { CoopError } from "coopd-core";
import {
  ask,
  brainAt,
  bytes,
  chunkOf,
  openModelServer,
  openRawServer,
  refusedWith,
  SSE,
  sseOf,
  wholeOf,
} from "../testing/model-server.ts";

describe("an answer that is none becomes a typed error", () => {
  const rows: [number, string, number][] = [
    [400, "brain_bad_request", 2],
    [401, "brain_auth", 1],
    [402, "brain_auth", 1],
    [403, "brain_auth", 1],
    [404, "brain_bad_request", 1],
    [413, "brain_context_too_long", 1],
    [408, "brain_unavailable", 6],
    [409, "brain_unavailable", 6],
    [429, "brain_rate_limited", 6],
    [500, "brain_unavailable", 6],
    [502, "brain_unavailable", 6],
    [503, "brain_overloaded", 6],
    [529, "brain_overloaded", 6],
  ];
  test.each(rows)("%i is %s, asked %i times", async (status, code, times) => {
    using server = openModelServer(() => new Response('{"error":"not now"}', { status }));
    await expect(ask(brainAt(server.baseUrl))).rejects.toThrow(refusedWith(code, `openai-compat ${status}: not now`));
    expect(server.seen.length).toBe(times); // a malformed request is asked once more, without streaming
  });

  test("its text is cut to 500 characters, and has no control characters", async () => {
    const body = `\u001b[31m${"🐔".repeat(10_000)}`;
    using server = openModelServer(() => new Response(body, { status: 403 }));
    await expect(ask(brainAt(server.baseUrl))).rejects.toThrow(
      refusedWith("brain_auth", `openai-compat 403:  [31m${"🐔".repeat(495)}…`),
    );
  });

  test("a body without end is not waited for", async () => {
    const endless = () => new ReadableStream({ pull: (controller) => controller.enqueue(bytes("no ".repeat(5000))) });
    using server = openModelServer(() => new Response(endless(), { status: 400 }));
    await expect(ask(brainAt(server.baseUrl))).rejects.toThrow(
      refusedWith("brain_bad_request", /^openai-compat 400: no no/),
    );
  });

  test("a refusal that breaks off is a refusal", async () => {
    const answer = "HTTP/1.1 403 Forbidden\r\nContent-Length: 999\r\n\r\nnot for you";
    using server = openRawServer([bytes(answer)], "close");
    await expect(ask(brainAt(server.baseUrl))).rejects.toThrow(refusedWith("brain_auth", /^openai-compat 403: /));
    expect(server.connections()).toBe(1);
  });

  test.each([301, 302, 303, 304, 307, 308])("a redirect (%i) is not followed", async (status) => {
    using other = openModelServer(() => Response.json(wholeOf({ content: "stolen" })));
    using server = openModelServer(() => new Response("", { status, headers: { location: `${other.baseUrl}/x` } }));
    await expect(ask(brainAt(server.baseUrl))).rejects.toThrow(
      expect.objectContaining({
        code: "brain_bad_request",
        message: expect.stringContaining(`openai-compat ${status}: the server redirects`),
        next: expect.stringContaining(`${other.baseUrl}/x`),
      }),
    );
    expect([server.seen.length, other.seen.length]).toEqual([1, 0]);
  });

  test("a server that is not there", async () => {
    const gone = openModelServer(() => new Response(""));
    gone[Symbol.dispose]();
    await expect(ask(brainAt(gone.baseUrl))).rejects.toThrow(
      refusedWith("brain_unavailable", new RegExp(`^openai-compat: cannot reach ${gone.baseUrl}: `)),
    );
  }, 20_000);

  const own: [string, CoopError, string, string, number][] = [
    [
      "a host that does not answer",
      new CoopError("unreachable", "h:1 does not answer: ECONNREFUSED"),
      "brain_unavailable",
      "openai-compat: cannot reach http://h/v1: h:1 does not answer: ECONNREFUSED",
      3,
    ],
    [
      "a host that does not finish TLS",
      new CoopError("timeout", "h did not finish TLS within 9 ms"),
      "brain_unavailable",
      "openai-compat: cannot reach http://h/v1: h did not finish TLS within 9 ms",
      3,
    ],
    [
      "a name that resolves to a private address",
      new CoopError("policy_denied", "h resolves to 10.0.0.1, which is private"),
      "policy_denied",
      "openai-compat: http://h/v1 is not reached: h resolves to 10.0.0.1, which is private",
      1,
    ],
    ["a request that is too large", new CoopError("body_too_large", "no"), "body_too_large", "no", 1],
  ];
  test.each(own)("%s, as the fetch that was handed in says", async (_name, thrown, code, message, times) => {
    let tries = 0;
    const fetch = () => {
      tries += 1;
      return Promise.reject(thrown);
    };
    await expect(ask(brainAt("http://h/v1", { fetch }))).rejects.toThrow(refusedWith(code, message));
    expect(tries).toBe(times);
  });

  const garbage: [string, () => Response, string, RegExp, number?][] = [
    [
      "HTML",
      () => new Response("<html>Hello</html>", { headers: { "content-type": "text/html" } }),
      "brain_answer_invalid",
      /no JSON and no event stream: <html>Hello/,
    ],
    ["nothing", () => new Response(""), "brain_answer_invalid", /no JSON/],
    ["204", () => new Response(null, { status: 204 }), "brain_answer_invalid", /no JSON/],
    ["random bytes", () => new Response(new Uint8Array([0xff, 0xfe, 0, 7])), "brain_answer_invalid", /no JSON/],
    ["cut JSON", () => new Response('{"choices":[{"mess'), "brain_answer_invalid", /no JSON/],
    ["no choices", () => Response.json({ choices: [] }), "brain_answer_invalid", /has no choices/],
    [
      "an event that is no JSON",
      () => new Response(sseOf(chunkOf({ content: "a" }), "{oops", "[DONE]"), SSE),
      "brain_answer_invalid",
      /event of the stream is not JSON/,
    ],
    ["only [DONE]", () => new Response(sseOf("[DONE]"), SSE), "brain_answer_invalid", /has no choices/],
    ["an empty stream", () => new Response("", SSE), "brain_unavailable", /broke off before its end/, 3],
    [
      "a stream of comments",
      () => new Response(": hi\n\n: ho\n\n", SSE),
      "brain_unavailable",
      /broke off before its end/,
      3,
    ],
    [
      "a stream that ends in the middle, in good order",
      () => new Response(sseOf(chunkOf({ content: "half" })), SSE),
      "brain_unavailable",
      /broke off before its end/,
      3,
    ],
    [
      "an error in 200",
      () => Response.json({ error: { message: "overloaded" } }),
      "brain_overloaded",
      /^openai-compat: the server broke off with an error: overloaded/,
      6,
    ],
    [
      "an error in a stream",
      () => new Response(sseOf(chunkOf({ content: "a" }), { error: { message: "out of memory", code: 500 } }), SSE),
      "brain_unavailable",
      /^openai-compat 500: out of memory/,
      3,
    ],
    [
      "a refusal in a stream",
      () => new Response(sseOf({ error: { message: "too long", code: "400" } }), SSE),
      "brain_bad_request",
      /^openai-compat 400: too long/,
    ],
    [
      "an error event",
      () => new Response(`event: error\ndata: {"message":"bad"}\n\n`, SSE),
      "brain_unavailable",
      /broke off with an error: bad/,
      6,
    ],
  ];
  test.each(garbage)("200 with %s", async (_name, answer, code, message, times = 1) => {
    using server = openModelServer(answer);
    await expect(ask(brainAt(server.baseUrl))).rejects.toThrow(refusedWith(code, message));
    expect(server.seen.length).toBe(times);
  });

  const head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n";
  const cut: [string, string, "close" | "reset"][] = [
    ["between chunks", `${head}Transfer-Encoding: chunked\r\n\r\n1f\r\n`, "close"],
    [
      "before its announced length",
      `${head}Content-Length: 9999\r\n\r\n${sseOf(chunkOf({ content: "half" }))}`,
      "close",
    ],
    ["by a reset", `${head}Content-Length: 9999\r\n\r\n${sseOf(chunkOf({ content: "half" }))}`, "reset"],
    ["with neither length nor end", `${head}Connection: close\r\n\r\n${sseOf(chunkOf({ content: "half" }))}`, "close"],
    [
      "inside a JSON body",
      "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 999\r\n\r\n{",
      "close",
    ],
  ];
  test.each(cut)("a connection that is cut %s", async (_name, answer, end) => {
    using server = openRawServer([bytes(answer)], end);
    await expect(ask(brainAt(server.baseUrl))).rejects.toThrow(
      refusedWith("brain_unavailable", /broke off before its end/),
    );
    expect(server.connections()).toBe(3);
  });

  test("more than 32 MiB of stream", async () => {
    const piece = bytes(`: ${"x".repeat(1024 * 1024)}\n\n`);
    const endless = () => new ReadableStream({ pull: (controller) => controller.enqueue(piece) });
    using server = openModelServer(() => new Response(endless(), SSE));
    await expect(ask(brainAt(server.baseUrl))).rejects.toThrow(
      refusedWith("brain_answer_invalid", "openai-compat: the answer is larger than 33554432 bytes"),
    );
  });
});
