import { expect, test } from "bun:test";
import { toAgeText, toClockText, toDurationText } from "./time-text.ts";

test("a length of time has the two digits that matter", () => {
  const texts = [0, 340, 999, 1_000, 12_345, 59_999, 60_000, 245_000, 10_920_000, 432_000_000, -5, Number.NaN].map(
    toDurationText,
  );
  expect(texts).toEqual([
    "0 ms",
    "340 ms",
    "999 ms",
    "1.0 s",
    "12.3 s",
    "59.9 s",
    "1 min 0 s",
    "4 min 5 s",
    "3 h 2 min",
    "5 d",
    "0 ms",
    "0 ms",
  ]);
});

test("an age has one unit; a clock that is behind says now, garbage says nothing", () => {
  const now = Date.parse("2026-03-01T10:00:00Z");
  const ages = [
    "2026-03-01T10:00:09Z",
    "2026-03-01T09:59:48Z",
    "2026-03-01T09:57:00Z",
    "2026-03-01T05:00:00Z",
    "2026-02-20T10:00:00Z",
    "x",
  ];
  expect(ages.map((at) => toAgeText(at, now))).toEqual(["now", "12 s", "3 min", "5 h", "9 d", ""]);
});

test("an instant is shown by the reader's clock, with or without a fraction", () => {
  const local = new Date("2026-03-01T10:00:02Z");
  expect(toClockText("2026-03-01T10:00:02.123456789Z")).toEndWith(":00:02");
  expect(toClockText("2026-03-01T10:00:02Z")).toContain(String(local.getHours()).padStart(2, "0"));
  expect(toClockText("soon")).toBe("");
});
