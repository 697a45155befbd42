import { expect, test } from "bun:test";
import { pause, pauseMs } from "./backoff.ts";

test("pauses double up to the maximum and spread by at most a quarter", () => {
  const backoff = { firstMs: 250, maxMs: 5_000 };
  expect([0, 1, 2, 3, 4, 5, 1_000].map((attempt) => pauseMs(backoff, attempt, 0))).toEqual([
    250, 500, 1_000, 2_000, 4_000, 5_000, 5_000,
  ]);
  expect(pauseMs(backoff, 0, 1)).toBe(313);
});

test("a pause ends at once when the signal is aborted, before it or in it", async () => {
  await pause(3_600_000, AbortSignal.abort());
  const stop = new AbortController();
  const pausing = pause(3_600_000, stop.signal);
  stop.abort();
  await pausing;
});
