import { expect, test } from "bun:test";
import { createOutputCapture } from "./capture.ts";

function capture(bytesMax: number, ...chunks: readonly (string | Uint8Array)[]) {
  const output = createOutputCapture(bytesMax);
  for (const chunk of chunks) output.add(typeof chunk === "string" ? Buffer.from(chunk) : chunk);
  return output.finish();
}

test("what fits is kept whole", () => {
  expect(capture(10, "hello", "world")).toEqual({ text: "helloworld", bytes: 10, truncated: false });
  expect(capture(10)).toEqual({ text: "", bytes: 0, truncated: false });
});

test("of what does not fit, head and tail are kept and the middle is counted", () => {
  const { text, bytes, truncated } = capture(10, "abcdefghij", "klmnopqrst");
  expect(text).toBe("abcde\n[... 10 bytes left out ...]\npqrst");
  expect([bytes, truncated]).toEqual([20, true]);
});

test("the same text gives the same capture however it is chunked", () => {
  const text = Array.from({ length: 97 }, (_, index) => `line ${index} äöü€😀\n`).join("");
  const bytes = Buffer.from(text);
  const whole = capture(257, bytes);
  for (const size of [1, 2, 3, 7, 64, 300]) {
    const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
      bytes.subarray(i * size, (i + 1) * size),
    );
    expect(capture(257, ...chunks)).toEqual(whole);
  }
});

test("no character is split where the middle is left out, and a split over chunks is healed", () => {
  for (let bytesMax = 8; bytesMax < 40; bytesMax += 1) {
    expect(capture(bytesMax, "€".repeat(100)).text).not.toContain("\uFFFD");
  }
  const euro = Buffer.from("€");
  expect(capture(64, euro.subarray(0, 1), euro.subarray(1)).text).toBe("€");
});

test("bytes that are not UTF-8 become replacement characters", () => {
  expect(capture(64, Uint8Array.of(0x61, 0xff, 0xfe, 0x62)).text).toBe("a\uFFFD\uFFFDb");
});

test("a limit of 0 keeps nothing and counts everything", () => {
  expect(capture(0, "abc").bytes).toBe(3);
  expect(capture(0, "abc").text).toContain("3 bytes left out");
});
