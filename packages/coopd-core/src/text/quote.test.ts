import { expect, test } from "bun:test";
import { quote, showText } from "./quote.ts";

test("a quoted text shows what cannot be seen, and is cut", () => {
  expect(quote('a"b\\')).toBe('"a\\"b\\\\"');
  expect(quote("\u001b[31m\u009b\u007f\n\u202e\u2028\ufeff")).toBe(
    '"\\u001b[31m\\u009b\\u007f\\n\\u202e\\u2028\\ufeff"',
  );
  expect(quote("x".repeat(61))).toBe(`"${"x".repeat(60)}…"`);
  expect(quote("münchen 🐔")).toBe('"münchen 🐔"');
});

test("a foreign message is one line of bounded length", () => {
  expect(showText("a\nb\u202e", 80)).toBe("a\\u000ab\\u202e");
  expect(showText("x".repeat(100), 10)).toBe("xxxxxxxxxx…");
});
