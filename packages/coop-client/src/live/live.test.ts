import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import type { LiveEvent } from "coopd-core";
import { openClient } from "../client.ts";
import { type FakeDaemon, openFakeDaemon } from "../testing/index.ts";
import { readEventStream, type StreamEvent } from "./event-stream.ts";

let daemon: FakeDaemon;
beforeEach(() => {
  daemon = openFakeDaemon();
});
afterEach(() => daemon.close());

const QUICK = { backoff: { firstMs: 5, maxMs: 20 } };
const frame = (id: string, event: object) => `id: ${id}\ndata: ${JSON.stringify(event)}\n\n`;
const end = `data: ${JSON.stringify({ type: "end", status: "DONE" })}\n\n`;
const streamed = (body: ConstructorParameters<typeof Response>[0]) =>
  new Response(body, { headers: { "content-type": "text/event-stream; charset=utf-8" } });

/** Everything that the client tells of a job whose stream answers like this, connection by connection. */
async function listen(...answers: readonly (() => Response)[]): Promise<readonly LiveEvent[]> {
  let count = 0;
  daemon.answer("GET /api/v1/jobs/j/stream", () => (answers[count++] ?? (() => streamed(end)))());
  const events: LiveEvent[] = [];
  for await (const event of openClient({ baseUrl: daemon.url }).jobs.live("j", QUICK)) events.push(event);
  return events;
}

const stops = () => daemon.requests.map(({ path }) => path.replace("/api/v1/jobs/j/stream", ""));

describe("a job's stream", () => {
  test("is refused with the daemon's own words", async () => {
    const refuse = () => Response.json({ error: "no such job", code: "job_not_found" }, { status: 404 });
    await expect(listen(refuse)).rejects.toMatchObject({ code: "job_not_found" });
    expect(daemon.requests.length).toBe(1);
  });

  test("is refused when it is no stream of events, or an event is none", async () => {
    const page = () => new Response("<html>", { headers: { "content-type": "text/html" } });
    await expect(listen(page)).rejects.toThrow("an answer that is not text/event-stream");
    await expect(listen(() => streamed("data: hello\n\n"))).rejects.toMatchObject({ code: "bad_answer" });
  });

  test("is told until the job ends, and what comes behind is not", async () => {
    const text = frame("1-1", { type: "text", turn: 1, delta: "hi" });
    expect(await listen(() => streamed(text + end + text))).toEqual([
      { type: "text", turn: 1, delta: "hi" },
      { type: "end", status: "DONE" },
    ]);
  });

  test("goes on behind its last event when the connection breaks off, also in the middle of one", async () => {
    const text = (id: string, delta: string) => frame(id, { type: "text", turn: 1, delta });
    const events = await listen(
      () => streamed(text("1-1", "a") + text("1-2", "b").slice(0, 20)),
      () => streamed(`: still here\n\n${text("1-2", "b")}`),
      () => streamed(text("1-3", "c") + end),
    );
    expect(events.map((event) => ("delta" in event ? event.delta : event.type))).toEqual(["a", "b", "c", "end"]);
    expect(stops()).toEqual(["", "?after=1-1", "?after=1-2"]);
  });

  test("ends without an error when nobody wants it any more", async () => {
    const stop = new AbortController();
    daemon.answer("GET /api/v1/jobs/j/stream", () =>
      streamed(
        new ReadableStream({
          start: (it) => it.enqueue(new TextEncoder().encode(frame("1-1", { type: "turn", turn: 1 }))),
        }),
      ),
    );
    const seen: string[] = [];
    for await (const event of openClient({ baseUrl: daemon.url }).jobs.live("j", { ...QUICK, signal: stop.signal })) {
      seen.push(event.type);
      stop.abort();
    }
    expect(seen).toEqual(["turn"]);
  });
});

test("events are read as the standard says, split anywhere", async () => {
  const text = ": note\nretry: 5\nid: 1\ndata: a\ndata:b\n\nevent: x\r\ndata:  c 🐔\r\n\r\nid\rdata\r\rdata: cut off";
  const expected: StreamEvent[] = [
    { id: "1", data: "a\nb" },
    { id: "1", data: " c 🐔" },
    { id: "", data: "" },
  ];
  const all = new TextEncoder().encode(text);
  for (let at = 0; at <= all.length; at += 1) {
    const pieces = (async function* () {
      yield all.subarray(0, at);
      yield all.subarray(at);
    })();
    const events: StreamEvent[] = [];
    for await (const event of readEventStream(pieces)) events.push(event);
    expect([at, events]).toEqual([at, expected]);
  }
});

test("an event without end is refused", async () => {
  const endless = (async function* () {
    for (;;) yield new Uint8Array(1_048_576).fill(97);
  })();
  await expect(readEventStream(endless).next()).rejects.toMatchObject({ code: "bad_answer" });
});
