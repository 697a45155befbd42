import { describe, expect, test } from "bun:test";
import {
  ask,
  brainAt,
  bytes,
  chunkOf,
  openModelServer,
  refusedWith,
  requestOf,
  SSE,
  sseOf,
  wholeOf,
} from "../testing/model-server.ts";
import { createChatBrain } from "./chat-brain.ts";

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
    expect(() => createChatBrain({ provider: "openai-compat", baseUrl, model: "m", fetch })).toThrow(
      expect.objectContaining({ code: "brain_unsupported" }),
    );
  });

  test("without showing the password in it", () => {
    expect(() => brainAt("http://user:hunter2@h/v1")).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining("hunter2") }),
    );
  });
});

describe("a request", () => {
  test("carries the key as a Bearer token, revealed anew for each call, and none where there is none", async () => {
    using server = openModelServer(() => Response.json(wholeOf({ content: "ok" })));
    let revealed = 0;
    const key = { reveal: () => `k-${++revealed}` };
    const brain = brainAt(server.baseUrl, { key });
    expect(revealed).toBe(0);
    await ask(brain);
    await ask(brain);
    await ask(brainAt(server.baseUrl));
    expect(server.seen.map(({ headers }) => headers.get("authorization"))).toEqual(["Bearer k-1", "Bearer k-2", null]);
  });

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
    using server = openModelServer(() => new Response('{"error":{"message":"no such role"}}', { status: 400 }));
    await expect(ask(brainAt(server.baseUrl))).rejects.toThrow(
      refusedWith("brain_bad_request", "openai-compat 400: no such role"),
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
