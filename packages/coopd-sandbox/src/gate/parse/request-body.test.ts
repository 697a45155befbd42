import { describe, expect, test } from "bun:test";
import { SMUGGLED_CHUNKS } from "../testing/smuggling.ts";
import { createBodyReader } from "./request-body.ts";
import type { BodyFraming } from "./request-fields.ts";

/** What goes on, or the reason why nothing does; the bytes come in pieces of the given size. */
function read(framing: BodyFraming, text: string, size = text.length) {
  const reader = createBodyReader(framing);
  let out = "";
  for (let at = 0; at === 0 || at < text.length; at += Math.max(1, size)) {
    const step = reader.push(Buffer.from(text.slice(at, at + Math.max(1, size)), "latin1"));
    if ("kind" in step) return step.reason;
    out += Buffer.concat(step.out).toString("latin1");
    if (step.isOver) return { out };
  }
  return { out, isOpen: true };
}

const CHUNKED: BodyFraming = { kind: "chunked" };

describe("chunks that servers read differently are refused", () => {
  for (const [name, bytes] of SMUGGLED_CHUNKS) {
    test(name, () => {
      expect(read(CHUNKED, bytes)).toBeString();
      expect(read(CHUNKED, bytes, 1)).toBeString();
    });
  }
});

test("chunks go on as they come", () => {
  expect(read(CHUNKED, "5\r\nhello\r\n00A\r\n0123456789\r\n0\r\n\r\n")).toEqual({
    out: "5\r\nhello\r\na\r\n0123456789\r\n0\r\n\r\n",
  });
  expect(read(CHUNKED, "2\r\nhi\r\n0\r\n\r\n", 1)).toEqual({ out: "1\r\nh\r\n1\r\ni\r\n0\r\n\r\n" });
});

test("what stands behind the end of a body does not go on", () => {
  expect(read(CHUNKED, "0\r\n\r\nGET /evil HTTP/1.1\r\n\r\n")).toEqual({ out: "0\r\n\r\n" });
  expect(read({ kind: "length", bytes: 5 }, "helloGET /evil")).toEqual({ out: "hello" });
  expect(read({ kind: "none" }, "GET /evil")).toEqual({ out: "" });
});

test("a body that is shorter than announced stays open", () => {
  expect(read({ kind: "length", bytes: 9 }, "hello", 2)).toEqual({ out: "hello", isOpen: true });
  expect(read(CHUNKED, "5\r\nhel")).toEqual({ out: "3\r\nhel\r\n", isOpen: true });
});
