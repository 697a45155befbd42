import { expect, test } from "bun:test";
import { Overtaken } from "./overtaken.ts";

test("what is heard of while rows are read is read again, and nothing else", async () => {
  const again: string[] = [];
  const overtaken = new Overtaken((id) => again.push(id));
  overtaken.heard("before");
  const { promise, resolve } = Promise.withResolvers<string>();
  const reading = overtaken.during(() => promise);
  overtaken.heard("amid");
  expect(again).toEqual([]);
  resolve("rows");
  expect(await reading).toBe("rows");
  expect(again).toEqual(["amid"]);
  await overtaken.during(async () => undefined);
  expect(again).toEqual(["amid"]);
});

test("a read that is older than the one that ends first has its rows read again too", async () => {
  const again: string[] = [];
  const overtaken = new Overtaken((id) => again.push(id));
  const [slow, quick] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const reads = [overtaken.during(() => slow.promise), overtaken.during(() => quick.promise)];
  overtaken.heard("hen");
  quick.resolve();
  await reads[1];
  slow.resolve();
  await reads[0];
  expect(again).toEqual(["hen", "hen"]);
});

test("a read that fails passes its error on, and what was heard is read again all the same", async () => {
  const again: string[] = [];
  const overtaken = new Overtaken((id) => again.push(id));
  const reading = overtaken.during(async () => {
    overtaken.heard("hen");
    throw new Error("no answer");
  });
  await expect(reading).rejects.toThrow("no answer");
  expect(again).toEqual(["hen"]);
});
