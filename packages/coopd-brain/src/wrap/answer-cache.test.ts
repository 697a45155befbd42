import { expect, test } from "bun:test";
import type { BrainResponse } from "coopd-core";
import { AnswerCache } from "./answer-cache.ts";

const answer = (text: string): BrainResponse => ({
  content: [{ type: "text", text }],
  usage: { input_tokens: 1, output_tokens: 1, cache_tokens: 0 },
  finish_reason: "end_turn",
  latency_ms: 1,
});

test("beyond its number of entries the one that was used longest ago goes", () => {
  const cache = new AnswerCache({ entriesMax: 2, bytesMax: 10_000 });
  cache.put("a", answer("1"));
  cache.put("b", answer("2"));
  expect(cache.get("a")).toEqual(answer("1"));
  cache.put("c", answer("3"));
  expect([cache.get("a"), cache.get("b"), cache.get("c")].map((one) => one !== undefined)).toEqual([true, false, true]);
});

test("it never holds more bytes than it may, and takes nothing that is larger than itself", () => {
  const cache = new AnswerCache({ entriesMax: 100, bytesMax: 600 });
  cache.put("huge", answer("x".repeat(600)));
  expect(cache.size).toEqual({ entries: 0, bytes: 0 });
  for (let n = 0; n < 20; n += 1) cache.put(`request ${n}`, answer("é".repeat(20)));
  expect(cache.size.bytes).toBeLessThanOrEqual(600);
  expect(cache.size.entries).toBeGreaterThan(0);
  expect(cache.get("request 19")).toBeDefined();
});

test("an answer that is given again takes the place of the first, byte for byte", () => {
  const cache = new AnswerCache({ entriesMax: 100, bytesMax: 10_000 });
  cache.put("a", answer("long ".repeat(50)));
  cache.put("a", answer("1"));
  const { bytes } = cache.size;
  expect(bytes).toBe(1 + Buffer.byteLength(JSON.stringify(answer("1"))));
  expect(cache.get("a")).toEqual(answer("1"));
});

test("what a caller does to an answer does not change what is kept", () => {
  const cache = new AnswerCache();
  cache.put("a", answer("1"));
  (cache.get("a") as { latency_ms: number }).latency_ms = 99;
  expect(cache.get("a")?.latency_ms).toBe(1);
});
