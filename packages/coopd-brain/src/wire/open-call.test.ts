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

import { REAL_TIME } from "./retries.ts";

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

  test("the deadline holds for each try by itself, and a try that took too long is not made again", async () => {
    let tries = 0;
    using server = openModelServer(() => {
      tries += 1;
      return tries === 1 ? new Response("", { status: 503 }) : new Promise<Response>(() => {});
    });
    await expect(ask(brainAt(server.baseUrl, { timeoutMs: 100 }))).rejects.toThrow(
      refusedWith("brain_unavailable", /no whole answer came within 0.1 s/),
    );
    expect(tries).toBe(2);
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
      "when all was said but the stream is still open",
      () =>
        new Response(
          new ReadableStream({ start: (it) => it.enqueue(bytes(sseOf(chunkOf({ content: "a" }, "stop")))) }),
          SSE,
        ),
    ],
    [
      "in the middle of a JSON body",
      () => new Response(new ReadableStream({ start: (controller) => controller.enqueue(bytes('{"choices":')) })),
    ],
  ];
  test.each(stops)("a cancel %s ends the call at once and closes the connection", async (name, answer) => {
    const closed = Promise.withResolvers<void>();
    using server = openModelServer((_request, _count, raw) => {
      raw.signal.addEventListener("abort", () => closed.resolve());
      setTimeout(() => stop.abort(), 30);
      return answer();
    });
    const stop = new AbortController();
    const brain = brainAt(server.baseUrl, { time: REAL_TIME });
    await expect(ask(brain, requestOf(), stop.signal)).rejects.toMatchObject({ code: "cancelled" });
    if (!name.includes("try again")) await closed.promise;
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
