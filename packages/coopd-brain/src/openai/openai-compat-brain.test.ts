import { describe, expect, test } from "bun:test";
import {
  ask,
  brainAt,
  chunkOf,
  openModelServer,
  openRawServer,
  requestOf,
  SSE,
  sseOf,
  wholeOf,
} from "../testing/model-server.ts";
import { createOpenAiCompatBrain } from "./openai-compat-brain.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const refusedWith = (code: string, message: RegExp | string) =>
  expect.objectContaining({ code, message: typeof message === "string" ? message : expect.stringMatching(message) });
const fast = { "retry-after-ms": "1" };

describe("a base_url is refused", () => {
  const urls = [
    "",
    "nope",
    "ftp://h/v1",
    "file:///etc",
    "http://u:p@h/v1",
    "http://token@h/v1",
    "http://h/v1?a=b",
    "http://h/#x",
  ];
  test.each(urls)("%j", (baseUrl) => {
    expect(() => createOpenAiCompatBrain({ baseUrl, model: "m", fetch })).toThrow(
      expect.objectContaining({ code: "brain_unsupported" }),
    );
  });

  test("without showing the password in it", () => {
    expect(() => brainAt("http://user:hunter2@h/v1")).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining("hunter2") }),
    );
  });
});

describe("an answer that is none becomes a typed error", () => {
  const rows: [number, string, RegExp][] = [
    [401, "brain_refused", /^openai-compat 401: {"error":"no key"}$/],
    [404, "brain_refused", /^openai-compat 404: /],
    [413, "brain_refused", /^openai-compat 413: /],
    [408, "brain_unavailable", /^openai-compat 408: /],
    [409, "brain_unavailable", /^openai-compat 409: /],
    [429, "brain_unavailable", /^openai-compat 429: /],
    [500, "brain_unavailable", /^openai-compat 500: /],
    [503, "brain_unavailable", /^openai-compat 503: /],
  ];
  test.each(rows)("%i is %s", async (status, code, message) => {
    using server = openModelServer(() => new Response('{"error":"no key"}', { status, headers: fast }));
    await expect(ask(brainAt(server.baseUrl))).rejects.toThrow(refusedWith(code, message));
    expect(server.seen.length).toBe(code === "brain_unavailable" ? 3 : 1);
  });

  test("its text is cut to 500 characters, and has no control characters", async () => {
    const body = `\u001b[31m${"🐔".repeat(10_000)}`;
    using server = openModelServer(() => new Response(body, { status: 403 }));
    await expect(ask(brainAt(server.baseUrl))).rejects.toThrow(
      refusedWith("brain_refused", `openai-compat 403:  [31m${"🐔".repeat(495)}…`),
    );
  });

  test("a body without end is not waited for", async () => {
    const endless = () => new ReadableStream({ pull: (controller) => controller.enqueue(bytes("no ".repeat(5000))) });
    using server = openModelServer(() => new Response(endless(), { status: 400 }));
    await expect(ask(brainAt(server.baseUrl))).rejects.toThrow(
      refusedWith("brain_refused", /^openai-compat 400: no no/),
    );
  });

  test.each([301, 302, 303, 307, 308])("a redirect (%i) is not followed", async (status) => {
    using other = openModelServer(() => Response.json(wholeOf({ content: "stolen" })));
    using server = openModelServer(() => new Response("", { status, headers: { location: `${other.baseUrl}/x` } }));
    await expect(ask(brainAt(server.baseUrl))).rejects.toThrow(
      expect.objectContaining({
        code: "brain_refused",
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

  const garbage: [string, () => Response, string, RegExp][] = [
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
    ["an empty stream", () => new Response("", SSE), "brain_unavailable", /broke off before its end/],
    [
      "a stream of comments",
      () => new Response(": hi\n\n: ho\n\n", SSE),
      "brain_unavailable",
      /broke off before its end/,
    ],
    [
      "a stream that ends in the middle, in good order",
      () => new Response(sseOf(chunkOf({ content: "half" })), SSE),
      "brain_unavailable",
      /broke off before its end/,
    ],
    [
      "an error in 200",
      () => Response.json({ error: { message: "overloaded" } }),
      "brain_unavailable",
      /^openai-compat: the server broke off with an error: overloaded/,
    ],
    [
      "an error in a stream",
      () => new Response(sseOf(chunkOf({ content: "a" }), { error: { message: "out of memory", code: 500 } }), SSE),
      "brain_unavailable",
      /^openai-compat 500: out of memory/,
    ],
    [
      "a refusal in a stream",
      () => new Response(sseOf({ error: { message: "too long", code: "400" } }), SSE),
      "brain_refused",
      /^openai-compat 400: too long/,
    ],
    [
      "an error event",
      () => new Response(`event: error\ndata: {"message":"bad"}\n\n`, SSE),
      "brain_unavailable",
      /broke off with an error: bad/,
    ],
  ];
  test.each(garbage)("200 with %s", async (_name, answer, code, message) => {
    using server = openModelServer(answer);
    await expect(ask(brainAt(server.baseUrl))).rejects.toThrow(refusedWith(code, message));
    expect(server.seen.length).toBe(1);
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
    expect(server.connections()).toBe(1);
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

describe("time", () => {
  test("a whole answer has a deadline, which names itself", async () => {
    using server = openModelServer(() => new Promise<Response>(() => {}));
    await expect(ask(brainAt(server.baseUrl, { timeoutMs: 40 }))).rejects.toThrow(
      refusedWith("brain_unavailable", "openai-compat: no whole answer came within 0.04 s"),
    );
  });

  test("the deadline holds in the middle of a stream that drips", async () => {
    const drip = () =>
      new ReadableStream({
        async pull(controller) {
          controller.enqueue(bytes(sseOf(chunkOf({ content: "." }))));
          await Bun.sleep(5);
        },
      });
    using server = openModelServer(() => new Response(drip(), SSE));
    await expect(ask(brainAt(server.baseUrl, { timeoutMs: 100 }))).rejects.toThrow(
      refusedWith("brain_unavailable", /no whole answer came within 0.1 s/),
    );
  });

  test("the deadline holds for a wait that the server asked for", async () => {
    using server = openModelServer(() => new Response("", { status: 503, headers: { "retry-after": "50" } }));
    await expect(ask(brainAt(server.baseUrl, { timeoutMs: 100 }))).rejects.toThrow(
      refusedWith("brain_unavailable", /no whole answer came within 0.1 s/),
    );
    expect(server.seen.length).toBe(1);
  });

  test("a retry comes when the server said", async () => {
    const times: number[] = [];
    using server = openModelServer((_request, count) => {
      times.push(performance.now());
      return count < 2
        ? new Response("", { status: 429, headers: { "retry-after-ms": "120" } })
        : Response.json(wholeOf({ content: "ok" }));
    });
    const { response } = await ask(brainAt(server.baseUrl));
    expect(response.content).toEqual([{ type: "text", text: "ok" }]);
    expect(times.length).toBe(3);
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(115);
    expect(response.latency_ms).toBeGreaterThanOrEqual(230);
  });

  const stops: [string, () => Response | Promise<Response>][] = [
    ["before the answer begins", () => new Promise<Response>(() => {})],
    ["while it waits to try again", () => new Response("", { status: 503, headers: { "retry-after": "50" } })],
    [
      "in the middle of a stream",
      () =>
        new Response(
          new ReadableStream({ start: (controller) => controller.enqueue(bytes(sseOf(chunkOf({ content: "a" })))) }),
          SSE,
        ),
    ],
    [
      "in the middle of a JSON body",
      () => new Response(new ReadableStream({ start: (controller) => controller.enqueue(bytes('{"choices":')) })),
    ],
  ];
  test.each(stops)("a cancel %s ends the call at once and closes the connection", async (_name, answer) => {
    const closed = Promise.withResolvers<void>();
    using server = openModelServer((_request, _count, raw) => {
      raw.signal.addEventListener("abort", () => closed.resolve());
      setTimeout(() => stop.abort(), 30);
      return answer();
    });
    const stop = new AbortController();
    const begun = performance.now();
    await expect(ask(brainAt(server.baseUrl), requestOf(), stop.signal)).rejects.toMatchObject({ code: "cancelled" });
    expect(performance.now() - begun).toBeLessThan(2_000);
    if (!_name.includes("try again")) await closed.promise;
  });

  test("a call that was cancelled before it began sends nothing", async () => {
    using server = openModelServer(() => Response.json(wholeOf({ content: "ok" })));
    await expect(ask(brainAt(server.baseUrl), requestOf(), AbortSignal.abort())).rejects.toMatchObject({
      code: "cancelled",
    });
    expect(server.seen.length).toBe(0);
  });

  test("a reader that stops early closes the connection", async () => {
    const closed = Promise.withResolvers<void>();
    using server = openModelServer((_request, _count, raw) => {
      raw.signal.addEventListener("abort", () => closed.resolve());
      return new Response(
        new ReadableStream({ start: (it) => it.enqueue(bytes(sseOf(chunkOf({ content: "a" })))) }),
        SSE,
      );
    });
    for await (const _chunk of brainAt(server.baseUrl).stream(requestOf(), new AbortController().signal)) break;
    await closed.promise;
  });
});

describe("a request", () => {
  test("goes to base_url/chat/completions, with or without slashes behind it, and says nothing about this machine", async () => {
    using server = openModelServer(() => Response.json(wholeOf({ content: "ok" })));
    for (const slash of ["", "/", "//"]) await ask(brainAt(server.baseUrl + slash));
    expect(server.seen.map(({ path }) => path)).toEqual(Array(3).fill("/v1/chat/completions"));
    for (const { headers } of server.seen) {
      expect([...headers.keys()].sort()).toEqual([
        "accept",
        "accept-encoding",
        "connection",
        "content-length",
        "content-type",
        "host",
        "user-agent",
      ]);
      expect(headers.get("user-agent")).toBe("coopd");
    }
  });

  const plain: [string, (body: Record<string, unknown>) => string | undefined, object][] = [
    [
      "stream_options",
      (body) => (body.stream_options === undefined ? undefined : "unknown field: stream_options"),
      { stream: true },
    ],
    ["stream", (body) => (body.stream === undefined ? undefined : "streaming is not supported"), { temperature: 0.7 }],
    ["anything, without a word", (body) => (body.stream === undefined ? undefined : ""), { max_tokens: 4096 }],
    [
      "max_tokens",
      (body) => (body.max_tokens === undefined ? undefined : "Use 'max_completion_tokens' instead of 'max_tokens'"),
      { max_completion_tokens: 4096 },
    ],
    [
      "temperature",
      (body) => (body.temperature === undefined ? undefined : "'temperature' does not support 0.7"),
      { max_tokens: 4096 },
    ],
    [
      "everything",
      (body) =>
        ["max_tokens", "temperature", "stream_options", "stream"].find((key) => key in body && key) &&
        JSON.stringify({ ...body, note: "max_completion_tokens" }),
      { max_completion_tokens: 4096 },
    ],
  ];
  test.each(plain)(
    "is asked again without %s where the server refuses it, and from then on so",
    async (_name, refuse, last) => {
      using server = openModelServer(({ body }) => {
        const text = refuse(body);
        if (text !== undefined) return new Response(text, { status: 400 });
        return body.stream === true
          ? new Response(sseOf(chunkOf({ content: "ok" }, "stop"), "[DONE]"), SSE)
          : Response.json(wholeOf({ content: "ok" }));
      });
      const brain = brainAt(server.baseUrl);
      expect((await ask(brain)).response.content).toEqual([{ type: "text", text: "ok" }]);
      const first = server.seen.length;
      expect(first).toBeGreaterThan(1);
      expect(server.seen.at(-1)?.body).toMatchObject(last);
      await ask(brain);
      expect(server.seen.length).toBe(first + 1);
    },
  );

  test("that is malformed in itself fails with what the server said", async () => {
    using server = openModelServer(() => new Response('{"error":{"message":"context too long"}}', { status: 400 }));
    await expect(ask(brainAt(server.baseUrl))).rejects.toThrow(
      refusedWith("brain_refused", /^openai-compat 400: .*context too long/),
    );
    expect(server.seen.length).toBe(2);
  });
});

describe("an answer", () => {
  test("comes from a server that ignores `stream` and answers JSON", async () => {
    using server = openModelServer(() => Response.json(wholeOf({ content: "whole" })));
    const { deltas, response } = await ask(brainAt(server.baseUrl));
    expect(deltas).toEqual([]);
    expect(response.content).toEqual([{ type: "text", text: "whole" }]);
  });

  test.each(["application/json", "text/plain", "application/x-ndjson", ""])(
    "comes from a stream that is labelled %j",
    async (type) => {
      const body = sseOf(chunkOf({ content: "a" }), chunkOf({ content: "b" }, "stop"), "[DONE]");
      using server = openModelServer(() => new Response(bytes(body), { headers: { "content-type": type } }));
      const { deltas, response } = await ask(brainAt(server.baseUrl));
      expect(deltas).toEqual(["a", "b"]);
      expect(response.content).toEqual([{ type: "text", text: "ab" }]);
    },
  );

  test("is surfaced piece by piece while the server still writes", async () => {
    const go = Promise.withResolvers<void>();
    using server = openModelServer(
      () =>
        new Response(
          new ReadableStream({
            async start(controller) {
              controller.enqueue(bytes(sseOf(chunkOf({ content: "first" }))));
              await go.promise;
              controller.enqueue(
                bytes(
                  sseOf(
                    chunkOf({ content: " second" }, "stop"),
                    { choices: [], usage: { prompt_tokens: 3, completion_tokens: 2 } },
                    "[DONE]",
                  ),
                ),
              );
              controller.close();
            },
          }),
          SSE,
        ),
    );
    const chunks = brainAt(server.baseUrl).stream(requestOf(), new AbortController().signal)[Symbol.asyncIterator]();
    expect((await chunks.next()).value).toEqual({ type: "text", delta: "first" });
    go.resolve();
    expect((await chunks.next()).value).toEqual({ type: "text", delta: " second" });
    expect((await chunks.next()).value).toMatchObject({
      type: "final",
      response: { content: [{ type: "text", text: "first second" }], usage: { input_tokens: 3, output_tokens: 2 } },
    });
    expect((await chunks.next()).done).toBe(true);
  });

  test("needs no finish reason where [DONE] ends it, and no [DONE] where a finish reason does", async () => {
    for (const body of [sseOf(chunkOf({ content: "a" }), "[DONE]"), sseOf(chunkOf({ content: "a" }, "stop"))]) {
      using server = openModelServer(() => new Response(body, SSE));
      expect((await ask(brainAt(server.baseUrl))).response.finish_reason).toBe("end_turn");
    }
  });
});
