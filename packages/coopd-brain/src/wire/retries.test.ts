import { describe, expect, test } from "bun:test";
import {
  ask,
  brainAt,
  chunkOf,
  createRetryTime,
  openModelServer,
  refusedWith,
  requestOf,
  SSE,
  sseOf,
  wholeOf,
} from "../testing/model-server.ts";
import { RETRY_RULES, Retries } from "./retries.ts";

/** Sleeps through all waits of a call whose tries all fail like this. */
async function waitsOf(hint: { triesMax: number; afterMs?: number }, tryMs = 0): Promise<readonly number[]> {
  let nowMs = 0;
  const time = { ...createRetryTime(), nowMs: () => nowMs };
  const retries = new Retries(RETRY_RULES, time);
  const waits: number[] = [];
  for (;;) {
    nowMs += tryMs;
    const wait = retries.next(hint);
    if (wait === undefined) return waits;
    waits.push(wait);
    nowMs += wait;
  }
}

describe("a call is made again", () => {
  test("not at all where that helps nothing", async () => {
    expect(await waitsOf({ triesMax: 0 })).toEqual([]);
    expect(await waitsOf({ triesMax: 0, afterMs: 1 })).toEqual([]);
  });

  test("after waits that double, up to eight seconds", async () => {
    expect(await waitsOf({ triesMax: 7 })).toEqual([500, 1_000, 2_000, 4_000, 8_000, 8_000, 8_000]);
  });

  test("within a minute of its first failure, and no later", async () => {
    for (const tryMs of [0, 5_000, 20_000]) {
      const waits = await waitsOf({ triesMax: 100 }, tryMs);
      const spent = waits.reduce((sum, ms) => sum + ms, 0) + (waits.length - 1) * tryMs;
      expect(spent).toBeLessThanOrEqual(60_000);
      expect(waits.length).toBeGreaterThan(1);
    }
  });

  test("when the server says, and what it asks for does not count against the minute", async () => {
    expect(await waitsOf({ triesMax: 3, afterMs: 90_000 })).toEqual([90_000, 90_000, 90_000]);
  });

  test("not when the server asks for more than five minutes, in all", async () => {
    expect(await waitsOf({ triesMax: 9, afterMs: 300_001 })).toEqual([]);
    expect(await waitsOf({ triesMax: 9, afterMs: 100_000 })).toEqual([100_000, 100_000, 100_000]);
  });

  test("at times that differ from call to call", () => {
    const first = (random: number) =>
      new Retries(RETRY_RULES, { ...createRetryTime(), random: () => random }).next({ triesMax: 1 });
    expect([first(0), first(0.5)]).toEqual([375, 438]);
  });
});

describe("over a wire", () => {
  test("a try that the server put off comes when it said, and counts as part of the call", async () => {
    using server = openModelServer((_request, count) =>
      count < 2
        ? new Response("", { status: 429, headers: { "retry-after": "7" } })
        : Response.json(wholeOf({ content: "ok" })),
    );
    const time = createRetryTime();
    const { response } = await ask(brainAt(server.baseUrl, { time }));
    expect(time.slept).toEqual([7_000, 7_000]);
    expect(response).toMatchObject({ content: [{ type: "text", text: "ok" }], latency_ms: 14_000 });
  });

  test("a limit that is lifted too late fails at once and says when", async () => {
    using server = openModelServer(() => new Response("", { status: 429, headers: { "retry-after": "3600" } }));
    const before = Date.now();
    const error = await ask(brainAt(server.baseUrl)).catch((thrown) => thrown);
    expect(error).toMatchObject({ code: "brain_rate_limited", details: { status: 429 } });
    expect(error.next).toContain(error.details.reset_at);
    expect(Date.parse(error.details.reset_at) - before).toBeWithin(3_599_000, 3_700_000);
    expect(server.seen.length).toBe(1);
  });

  test("an answer that breaks off begins anew, and whoever shows it is told", async () => {
    using server = openModelServer((_request, count) => {
      const text = chunkOf({ content: `try ${count}` });
      return new Response(count < 2 ? sseOf(text) : sseOf(text, chunkOf({}, "stop"), "[DONE]"), SSE);
    });
    const seen: string[] = [];
    for await (const chunk of brainAt(server.baseUrl).stream(requestOf(), new AbortController().signal)) {
      seen.push(chunk.type === "text" ? chunk.delta : chunk.type);
    }
    expect(seen).toEqual(["try 0", "restart", "try 1", "restart", "try 2", "final"]);
  });

  test("an answer that breaks off three times is given up, since each was paid for", async () => {
    using server = openModelServer(() => new Response(sseOf(chunkOf({ content: "half" })), SSE));
    await expect(ask(brainAt(server.baseUrl))).rejects.toThrow(refusedWith("brain_unavailable", /broke off/));
    expect(server.seen.length).toBe(3);
  });
});
