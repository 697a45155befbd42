import { expect, test } from "bun:test";
import { createTurns } from "./turns.ts";

const QUIET = new AbortController().signal;

test("no more than so many at once, the others in order, whatever becomes of each", async () => {
  const turns = createTurns(2);
  const started: number[] = [];
  const ends: PromiseWithResolvers<void>[] = [0, 1, 2, 3].map(() => Promise.withResolvers<void>());
  const works = ends.map(({ promise }, index) => {
    return turns(() => {
      started.push(index);
      return promise;
    }, QUIET).catch((error: Error) => error.message);
  });
  await Bun.sleep(0);
  expect(started).toEqual([0, 1]);
  ends[1]?.reject(new Error("failed"));
  await works[1];
  await Bun.sleep(0);
  expect(started).toEqual([0, 1, 2]);
  for (const { resolve } of ends) resolve();
  await Promise.all(works);
  expect(started).toEqual([0, 1, 2, 3]);
});

test("who gives up leaves the line and takes nobody's place, over many rounds", async () => {
  const turns = createTurns(1);
  for (let round = 0; round < 20; round += 1) {
    const { promise, resolve } = Promise.withResolvers<void>();
    const first = turns(() => promise, QUIET);
    const leaving = new AbortController();
    let ran = false;
    const second = turns(async () => {
      ran = true;
    }, leaving.signal);
    const third = turns(async () => "third", QUIET);
    leaving.abort(new Error("gone"));
    await expect(second).rejects.toThrow("gone");
    resolve();
    await first;
    expect(await third).toBe("third");
    expect(ran).toBe(false);
  }
});
