import { expect, test } from "bun:test";
import { readRetryAfterMs } from "./retry-after.ts";

const NOW = Date.UTC(2026, 5, 1, 12, 0, 0);

const rows: [Record<string, string>, number | undefined][] = [
  [{}, undefined],
  [{ "retry-after": "soon" }, undefined],
  [{ "retry-after": "-3" }, undefined],
  [{ "retry-after": "1e9" }, undefined],
  [{ "retry-after": "0" }, 0],
  [{ "retry-after": "2" }, 2_000],
  [{ "retry-after": " 1.5 " }, 1_500],
  [{ "retry-after": "Mon, 01 Jun 2026 12:00:30 GMT" }, 30_000],
  [{ "retry-after": "Mon, 01 Jun 2026 11:00:00 GMT" }, 0],
  [{ "retry-after-ms": "120", "retry-after": "9" }, 120],
  [{ "retry-after-ms": "x", "retry-after": "9" }, 9_000],
  [
    { "anthropic-ratelimit-requests-remaining": "0", "anthropic-ratelimit-requests-reset": "2026-06-01T12:00:07Z" },
    7_000,
  ],
  [
    { "anthropic-ratelimit-requests-remaining": "5", "anthropic-ratelimit-requests-reset": "2026-06-01T12:00:07Z" },
    undefined,
  ],
  [
    {
      "anthropic-ratelimit-input-tokens-remaining": "0",
      "anthropic-ratelimit-input-tokens-reset": "2026-06-01T12:00:07Z",
      "anthropic-ratelimit-output-tokens-remaining": "0",
      "anthropic-ratelimit-output-tokens-reset": "2026-06-01T12:00:09Z",
    },
    9_000,
  ],
  [{ "x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "1s" }, 1_000],
  [{ "x-ratelimit-remaining-tokens": "0", "x-ratelimit-reset-tokens": "6m0.5s" }, 360_500],
  [{ "x-ratelimit-remaining-tokens": "0", "x-ratelimit-reset-tokens": "1h2m3s" }, 3_723_000],
  [{ "x-ratelimit-remaining-tokens": "0", "x-ratelimit-reset-tokens": "17ms" }, 17],
  [{ "x-ratelimit-remaining-tokens": "0", "x-ratelimit-reset-tokens": "later" }, undefined],
  [{ "x-ratelimit-remaining-tokens": "0" }, undefined],
];

test.each(rows)("%j asks to wait %p ms", (headers, ms) => {
  expect(readRetryAfterMs(new Headers(headers), NOW)).toBe(ms as number);
});
