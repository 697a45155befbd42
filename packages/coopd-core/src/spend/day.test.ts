import { expect, test } from "bun:test";
import type { Instant } from "../ids/brand.ts";
import { dayOf, parseDay, toDayText } from "./day.ts";

test("a day begins at midnight UTC", () => {
  expect(toDayText(dayOf("2026-11-26T00:00:00Z" as Instant))).toBe("2026-11-26");
  expect(toDayText(dayOf("2026-11-25T23:59:59.999Z" as Instant))).toBe("2026-11-25");
});

test("only a day that there is is a day", () => {
  for (const text of ["2026-02-30", "2026-1-1", "26-11-26", "2026-11-26T00:00:00Z", "", "tomorrow"]) {
    expect(parseDay(text)).toBeUndefined();
  }
  expect(parseDay("2024-02-29")).toBe(19_782);
});
