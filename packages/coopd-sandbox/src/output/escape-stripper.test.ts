import { expect, test } from "bun:test";
import { createEscapeStripper } from "./escape-stripper.ts";

function strip(...chunks: (string | readonly number[])[]): string {
  const stripper = createEscapeStripper();
  const parts = chunks.map((chunk) =>
    Buffer.from(stripper.strip(typeof chunk === "string" ? Buffer.from(chunk, "latin1") : Uint8Array.from(chunk))),
  );
  return Buffer.concat(parts).toString("latin1");
}

test("colours, cursor movement and screen clearing are dropped, the text stays", () => {
  expect(strip("\x1b[31mred\x1b[0m \x1b[2J\x1b[10;20Hhere\x1b[?25l")).toBe("red here");
});

test("titles, links and clipboard writes are dropped, with both terminators", () => {
  expect(strip("\x1b]0;evil\x07a\x1b]8;;http://x/\x1b\\b\x1b]52;c;aGk=\x07c\x1bPq#0\x1b\\d")).toBe("abcd");
});

test("a sequence that is split over chunks at every place is still dropped", () => {
  const text = "a\x1b[1;31mb\x1b]2;t\x1b\\c\x1b(Bd";
  for (let at = 0; at <= text.length; at += 1) expect(strip(text.slice(0, at), text.slice(at))).toBe("abcd");
});

test("C1 controls in UTF-8 are dropped, also split, and other letters that begin with C2 stay", () => {
  expect(strip([0xc2, 0x9b, 0x33, 0x31, 0x6d, 0x61])).toBe("a");
  expect(strip([0xc2], [0x9d, 0x30, 0x07, 0x62])).toBe("b");
  expect(strip([0xc2], [0xa9])).toBe("\xc2\xa9");
  expect(strip([0xc2, 0x41])).toBe("\xffA");
  expect(strip([0xc2, 0x1b, 0x5b, 0x6d, 0x9b])).toBe("\xff\x9b");
});

test("bells, backspaces and NULs are dropped; tab, line feed and carriage return stay", () => {
  expect(strip("a\x07\x08\x00\x7fb\t\r\n")).toBe("ab\t\r\n");
});

test("an unfinished control string swallows no more than its line or 4096 bytes", () => {
  expect(strip("\x1b]0;never ended\nnext line")).toBe("\nnext line");
  expect(strip(`\x1b]${"x".repeat(5000)}`).length).toBe(5000 - 4096);
});

test("no random bytes let an escape character through", () => {
  const seed = 20261;
  console.log(`escape-stripper: seed ${seed}`);
  let state = seed;
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >>> 24;
  };
  for (let round = 0; round < 200; round += 1) {
    const bytes = Array.from({ length: 300 }, () =>
      next() < 60 ? ([0x1b, 0x5b, 0x5d, 0xc2, 0x9b, 0x07][next() % 6] ?? 0) : next(),
    );
    const out = strip(bytes.slice(0, 100), bytes.slice(100, 101), bytes.slice(101));
    expect(Array.from(out).filter((character) => character === "\x1b" || character === "\x07")).toEqual([]);
    const isC1 = (at: number) => out[at] === "\xc2" && /[\x80-\x9f]/.test(out[at + 1] ?? "");
    expect(Array.from(out).some((_, at) => isC1(at))).toBe(false);
  }
});
