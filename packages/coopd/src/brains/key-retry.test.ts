import { expect, test } from "bun:test";
import { KeyRetry } from "./key-retry.ts";

test("a key that comes without a word is looked for again, ever less often, and at once as often when it was there", () => {
  const waits: number[] = [];
  let due: (() => void) | undefined;
  let meetings = 0;
  const retry = new KeyRetry(
    async () => {
      meetings += 1;
    },
    (work, ms) => {
      waits.push(ms);
      due = work;
      return () => {
        due = undefined;
      };
    },
  );
  for (let round = 0; round < 7; round += 1) {
    retry.missed();
    retry.missed(); // many hens, one timer
    due?.();
  }
  expect(waits).toEqual([30_000, 60_000, 120_000, 240_000, 480_000, 600_000, 600_000]);
  expect(meetings).toBe(7);
  retry.found();
  retry.missed();
  expect(waits.at(-1)).toBe(30_000);
  retry.close();
  expect(due).toBeUndefined();
});
