import { expect, test } from "bun:test";
import { toPathSegment, toQuery } from "./path-segment.ts";

test("an id that no URL can carry as a segment is refused before it reaches another route", () => {
  for (const id of ["", ".", ".."]) expect(() => toPathSegment(id)).toThrow("is not an id");
});

test("every byte outside A-Za-z0-9-_.~ becomes an upper-case escape", () => {
  expect(toPathSegment("local.coop/aria")).toBe("local.coop%2Faria");
  expect(toPathSegment("[::1]:9700/a-b_c.~")).toBe("%5B%3A%3A1%5D%3A9700%2Fa-b_c.~");
  expect(toPathSegment("!'()*% ?#&")).toBe("%21%27%28%29%2A%25%20%3F%23%26");
  expect(toPathSegment("é\n🐔")).toBe("%C3%A9%0A%F0%9F%90%94");
});

test("a lone surrogate does not throw but is sent as the replacement character", () => {
  expect(toPathSegment("a\ud800b")).toBe("a%EF%BF%BDb");
});

test("every byte survives the way there and back", () => {
  const all = Array.from({ length: 0x250 }, (_, i) => String.fromCodePoint(i + 1)).join("");
  expect(decodeURIComponent(toPathSegment(all))).toBe(all);
});

test("a query holds only what is defined, encoded", () => {
  expect(toQuery({})).toBe("");
  expect(toQuery({ state: undefined, hen_id: "local.coop/a&b", limit: 0 })).toBe("?hen_id=local.coop%2Fa%26b&limit=0");
});
