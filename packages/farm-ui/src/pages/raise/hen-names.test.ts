import { expect, test } from "bun:test";
import { HEN_NAMES, pickName } from "./hen-names.ts";

test("every name is one that the farm takes, and stands here once", () => {
  for (const name of HEN_NAMES) expect([name, /^[a-z][a-z0-9-]{0,31}$/.test(name)]).toEqual([name, true]);
  expect(new Set(HEN_NAMES).size).toBe(HEN_NAMES.length);
});

test("no name is given twice, however many hens there are", () => {
  const taken = new Set<string>();
  for (let n = 0; n < HEN_NAMES.length + 20; n += 1) {
    const name = pickName(taken, () => (n * 0.618) % 1);
    expect(taken.has(name)).toBe(false);
    taken.add(name);
  }
});
