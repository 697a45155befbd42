import { expect, test } from "bun:test";
import { covers, isScope, SCOPES } from "./scope.ts";

test("a scope is enough for itself and for less, never for more", () => {
  const table = SCOPES.map((held) => SCOPES.map((needed) => covers(held, needed)));
  expect(table).toEqual([
    [true, false, false],
    [true, true, false],
    [true, true, true],
  ]);
  for (const text of ["", "root", "Read", "constructor"]) expect(isScope(text)).toBe(false);
});
