import { describe, expect, test } from "bun:test";
import {
  ask,
  brainAt,
  bytes,
  chunkOf,
  openModelServer,
  openRawServer,
  requestOf,
  SSE,
  sseOf,
} from "../testing/model-server.ts";

const TEXT = "Grüße 🐔 – ‘quotes’\n日本語 \u{10ffff} e\u0301";

/** A whole stream with one piece of text in it. */
const events = sseOf(chunkOf({ content: TEXT }), chunkOf({}, "stop"), "[DONE]");

/** A network that hands over exactly these pieces: a real one puts small ones together. */
function networkOf(...pieces: readonly Uint8Array[]) {
  const body = () =>
    new ReadableStream<Uint8Array>({
      start(controller) {
        for (const piece of pieces) controller.enqueue(piece);
        controller.close();
      },
    });
  return brainAt("http://127.0.0.1:9/v1", { fetch: async () => new Response(body(), SSE) });
}

describe("a stream is read whole", () => {
  test("split in two at every byte of it", async () => {
    const all = bytes(events);
    for (let at = 1; at < all.length; at += 1) {
      const { response } = await ask(networkOf(all.subarray(0, at), all.subarray(at)));
      expect([at, response.content]).toEqual([at, [{ type: "text", text: TEXT }]]);
    }
  }, 60_000);

  test("one byte at a time", async () => {
    const { response } = await ask(networkOf(...Array.from(bytes(events), (byte) => Uint8Array.of(byte))));
    expect(response.content).toEqual([{ type: "text", text: TEXT }]);
  });

  test("one byte at a time, over a raw socket", async () => {
    const head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n";
    const all = bytes(head + events);
    using server = openRawServer(Array.from(all, (byte) => Uint8Array.of(byte)));
    const { response } = await ask(brainAt(server.baseUrl));
    expect(response.content).toEqual([{ type: "text", text: TEXT }]);
  });

  const lineEnds: [string, string][] = [
    ["LF", "\n"],
    ["CRLF", "\r\n"],
    ["CR", "\r"],
  ];
  test.each(lineEnds)(
    "with %s line ends, split at every byte",
    async (_name, end) => {
      const body = [
        "event: message",
        "id: 7",
        ": comment",
        `data: ${JSON.stringify(chunkOf({ content: "a" }))}`,
        "",
        "",
      ].join(end);
      const tail = [`data:${JSON.stringify(chunkOf({ content: "b" }, "stop"))}`, "", "data: [DONE]", "", ""].join(end);
      const all = bytes(body + tail);
      for (let at = 1; at < all.length; at += 1) {
        const { response } = await ask(networkOf(all.subarray(0, at), all.subarray(at)));
        expect([at, response.content]).toEqual([at, [{ type: "text", text: "ab" }]]);
      }
    },
    60_000,
  );

  test("with an event over several data lines, and without the last blank line", async () => {
    const json = JSON.stringify(chunkOf({ content: "a" }, "stop"), undefined, 1);
    const body = json
      .split("\n")
      .map((line) => `data: ${line}`)
      .join("\n");
    using server = openModelServer(() => new Response(body, SSE));
    expect((await ask(brainAt(server.baseUrl))).response.content).toEqual([{ type: "text", text: "a" }]);
  });

  test("a hundred at once, each its own", async () => {
    using server = openModelServer(async ({ body }) => {
      const [{ content }] = body.messages as [{ content: string }];
      const parts = Array.from(content, (part) => chunkOf({ content: part }));
      return new Response(sseOf(...parts, chunkOf({}, "stop"), "[DONE]"), SSE);
    });
    const brain = brainAt(server.baseUrl);
    const words = Array.from({ length: 100 }, (_, number) => `answer ${number} 🐔`);
    const answers = await Promise.all(
      words.map((content) => ask(brain, requestOf({ messages: [{ role: "user", content }] }))),
    );
    expect(answers.map(({ deltas }) => deltas.join(""))).toEqual(words);
  });
});
