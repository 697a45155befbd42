import { expect, test } from "bun:test";
import { fromInstant, type Instant, toInstant } from "./brand.ts";

test("an instant is RFC 3339 in UTC, without a fraction that is zero and without zeros behind it", () => {
  const table: Readonly<Record<string, number>> = {
    "1970-01-01T00:00:00Z": 0,
    "2026-03-01T10:00:00Z": 1_772_359_200_000,
    "2026-03-01T10:00:00.5Z": 1_772_359_200_500,
    "2026-03-01T10:00:00.05Z": 1_772_359_200_050,
    "2026-03-01T10:00:00.005Z": 1_772_359_200_005,
    "2026-03-01T10:00:00.12Z": 1_772_359_200_120,
    "2026-03-01T10:00:00.999Z": 1_772_359_200_999,
    "9999-12-31T23:59:59.999Z": 253_402_300_799_999,
  };
  for (const [text, epochMs] of Object.entries(table)) {
    expect<string>(toInstant(epochMs)).toBe(text);
    expect(fromInstant(text as Instant)).toBe(epochMs);
  }
});

test("the original's nanoseconds are read down to the millisecond", () => {
  expect(fromInstant("2026-03-01T10:00:00.123456789Z" as Instant)).toBe(1_772_359_200_123);
});
