import { describe, expect, test } from "bun:test";
import { namedKeyText } from "./named-keys.ts";
import { pasteText, typedText } from "./paste-text.ts";
import { parseShellRequest } from "./terminal.ts";

const NORMAL = { isApplicationCursor: false };

describe("a named key", () => {
  test("that no keyboard has is refused by its name", () => {
    for (const name of ["", "enter", "C-", "C-cc", "C-é", "M-", "M-M-x", "ls -la", "constructor", "F13"]) {
      expect(() => namedKeyText(name, NORMAL)).toThrow("is not the name of a key");
    }
  });

  test("is the text that a terminal sends", () => {
    const texts = ["Enter", "C-c", "C-[", "C-Space", "M-x", "M-é", "M-C-d", "M-Enter", "F5", "Up", "BTab"].map((name) =>
      namedKeyText(name, NORMAL),
    );
    expect(texts).toEqual([
      "\r",
      "\x03",
      "\x1b",
      "\0",
      "\x1bx",
      "\x1bé",
      "\x1b\x04",
      "\x1b\r",
      "\x1b[15~",
      "\x1b[A",
      "\x1b[Z",
    ]);
    expect(namedKeyText("Up", { isApplicationCursor: true })).toBe("\x1bOA");
    expect(namedKeyText("M-Left", { isApplicationCursor: true })).toBe("\x1b\x1bOD");
  });
});

describe("a paste", () => {
  test("cannot be ended from within, however the end is hidden", () => {
    const hidden = "a\x1b[201\x1b[201~~; rm -rf ~\x1b[201~\x1b[20\x1b[201~1~b";
    const pasted = pasteText(hidden, true);
    expect(pasted.indexOf("\x1b[201~")).toBe(pasted.length - 6);
    expect(pasted).toContain("; rm -rf ~");
  });

  test("keeps its line breaks as text where the program asked for it, and is keys where not", () => {
    expect(pasteText("a\nb\r\nc", true)).toBe("\x1b[200~a\rb\rc\x1b[201~");
    expect(pasteText("a\nb", false)).toBe("a\rb");
  });

  test("is what typing a text with line breaks comes to; all other text is typed as it is", () => {
    expect(typedText("; -l C-c Enter $(x) é", true)).toBe("; -l C-c Enter $(x) é");
    expect(typedText("a\nb", true)).toBe("\x1b[200~a\rb\x1b[201~");
  });
});

test("frames of a client are sizes and acks; anything else is ignored", () => {
  expect(parseShellRequest('{"type":"resize","cols":80,"rows":24,"x":1}')).toEqual({
    type: "resize",
    cols: 80,
    rows: 24,
  });
  expect(parseShellRequest('{"type":"ack","bytes":4096}')).toEqual({ type: "ack", bytes: 4096 });
  for (const text of [
    "",
    "null",
    "[]",
    "resize",
    '{"type":"resize","cols":"80","rows":24}',
    '{"type":"resize","cols":80.5,"rows":24}',
    '{"type":"resize","cols":-1,"rows":24}',
    '{"type":"resize","cols":65536,"rows":24}',
    '{"type":"ack","bytes":-1}',
    '{"type":"kill"}',
  ]) {
    expect(parseShellRequest(text)).toBeUndefined();
  }
});
