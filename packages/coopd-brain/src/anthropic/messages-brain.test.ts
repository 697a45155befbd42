import { describe, expect, test } from "bun:test";
import { ask, messagesBrainAt, openModelServer, requestOf, SSE } from "../testing/model-server.ts";
import { end, start, textBlock } from "../testing/wire/anthropic-wire.ts";

const answer = () => new Response(start() + textBlock(0, "ok") + end(), SSE);

describe("a request", () => {
  test("goes to base_url/v1/messages, with or without /v1 and slashes, and says nothing about this machine", async () => {
    using server = openModelServer(answer);
    const origin = server.baseUrl.replace("/v1", "");
    for (const base of [origin, `${origin}/`, `${origin}/v1`, `${origin}/v1//`]) await ask(messagesBrainAt(base));
    expect(server.seen.map(({ path }) => path)).toEqual(Array(4).fill("/v1/messages"));
    for (const { headers } of server.seen) {
      expect([...headers.keys()].sort()).toEqual([
        "accept",
        "accept-encoding",
        "anthropic-version",
        "connection",
        "content-length",
        "content-type",
        "host",
        "user-agent",
      ]);
      expect([headers.get("user-agent"), headers.get("anthropic-version")]).toEqual(["coopd", "2023-06-01"]);
    }
  });

  test("carries the key as x-api-key, revealed anew for each call", async () => {
    using server = openModelServer(answer);
    let revealed = 0;
    const brain = messagesBrainAt(server.baseUrl, { key: { reveal: () => `k-${++revealed}` } });
    await ask(brain);
    await ask(brain);
    expect(server.seen.map(({ headers }) => headers.get("x-api-key"))).toEqual(["k-1", "k-2"]);
  });

  test("leaves out for good what the server refused once", async () => {
    using server = openModelServer(({ body }) =>
      "temperature" in body ? Response.json({ error: { message: "temperature?" } }, { status: 400 }) : answer(),
    );
    const brain = messagesBrainAt(server.baseUrl);
    await ask(brain);
    await ask(brain);
    expect(server.seen.map(({ body }) => "temperature" in body)).toEqual([true, false, false]);
  });
});

test("a cancel in the middle of a stream ends the call at once and closes the connection", async () => {
  const closed = Promise.withResolvers<void>();
  const stop = new AbortController();
  using server = openModelServer((_request, _count, raw) => {
    raw.signal.addEventListener("abort", () => closed.resolve());
    const head = new TextEncoder().encode(start() + textBlock(0, "half"));
    return new Response(new ReadableStream({ start: (controller) => controller.enqueue(head) }), SSE);
  });
  const brain = messagesBrainAt(server.baseUrl);
  const read = async () => {
    for await (const chunk of brain.stream(requestOf(), stop.signal)) if (chunk.type === "text") stop.abort();
  };
  await expect(read()).rejects.toMatchObject({ code: "cancelled" });
  await closed.promise;
});

test("a hundred at once, each its own", async () => {
  using server = openModelServer(({ body }) => {
    const [{ content }] = body.messages as [{ content: [{ text: string }] }];
    return new Response(start() + textBlock(0, ...content[0].text) + end(), SSE);
  });
  const brain = messagesBrainAt(server.baseUrl);
  const words = Array.from({ length: 100 }, (_, number) => `answer ${number} 🐔`);
  const answers = await Promise.all(
    words.map((content) => ask(brain, requestOf({ messages: [{ role: "user", content }] }))),
  );
  expect(answers.map(({ deltas }) => deltas.join(""))).toEqual(words);
});
