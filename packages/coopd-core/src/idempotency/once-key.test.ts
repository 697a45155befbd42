import { expect, test } from "bun:test";
import { CoopError } from "../errors/coop-error.ts";
import { parseIdempotencyKey } from "./once-key.ts";

test("a key that is empty, too long, has blanks, control characters or letters beyond ASCII is refused", () => {
  for (const bad of ["", "a b", "a\n", "\t", "ключ", "a".repeat(256), " a"]) {
    expect(() => parseIdempotencyKey(bad)).toThrow(CoopError);
  }
});

test("255 visible ASCII characters are a key, quotes and all", () => {
  for (const good of ["a", '"quoted"', "~!", "x".repeat(255)]) expect(parseIdempotencyKey(good)).toBe(good);
});
