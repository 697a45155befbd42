import { expect, test } from "bun:test";
import { createFakeNames } from "./fake-names.ts";

test("an address stands for one name only, and a name keeps its address", () => {
  const names = createFakeNames(100);
  expect(names.addressOf("a.test")).toEqual([127, 1, 0, 1]);
  expect(names.addressOf("b.test")).toEqual([127, 1, 0, 2]);
  expect(names.addressOf("a.test")).toEqual([127, 1, 0, 1]);
  expect(names.nameOf("127.1.0.1")).toBe("a.test");
  for (const other of ["127.1.0.3", "127.0.0.1", "127.2.0.1", "8.8.8.8", "::1", "a.test", ""])
    expect(names.nameOf(other)).toBeUndefined();
});

test("the name that was used least recently is forgotten, and its address is not given away soon", () => {
  const names = createFakeNames(2);
  names.addressOf("a.test");
  names.addressOf("b.test");
  names.nameOf("127.1.0.1"); // a.test is used
  expect(names.addressOf("c.test")).toEqual([127, 1, 0, 3]);
  expect([1, 2, 3].map((last) => names.nameOf(`127.1.0.${last}`))).toEqual(["a.test", undefined, "c.test"]);
  expect(names.addressOf("b.test")).toEqual([127, 1, 0, 4]);
});

test("addresses go round without one being given twice", () => {
  const names = createFakeNames(3);
  names.addressOf("kept.test");
  for (let round = 0; round < 70_000; round += 1) {
    names.addressOf(`x${round}.test`);
    expect(names.nameOf("127.1.0.1")).toBe("kept.test");
  }
  const last = names.addressOf("x69999.test");
  expect(last.slice(0, 2)).toEqual([127, 1]);
  expect(names.nameOf(last.join("."))).toBe("x69999.test");
});
