import { expect, test } from "bun:test";
import { createOutputPacer } from "./output-pacer.ts";

test("a reader that never pauses is made to come back to the event loop", async () => {
  const pacer = createOutputPacer();
  let isAfterTimer = false;
  setTimeout(() => {
    isAfterTimer = true;
  }, 0);
  let turns = 0;
  while (!isAfterTimer && turns < 100_000) {
    await pacer.turn();
    turns += 1;
  }
  expect(turns).toBeLessThan(100);
});

test("chunks larger than expected are paid back and never stop the reading for good", async () => {
  const pacer = createOutputPacer();
  const order: number[] = [];
  const read = async (id: number) => {
    for (let round = 0; round < 5; round += 1) {
      await pacer.turn();
      pacer.charge(4 * 1024 * 1024);
      order.push(id);
    }
  };
  await Promise.all([read(0), read(1), read(2)]);
  expect(order.slice(0, 6)).toEqual([0, 1, 2, 0, 1, 2]);
  expect(order).toHaveLength(15);
});
