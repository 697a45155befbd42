import { expect, test } from "bun:test";
import { at, henId, NO_LIMITS, sampleHen, sampleJob } from "../testing/samples.ts";
import { openTempStore } from "../testing/temp-store.ts";

test("a refused operation leaves no event and no gap in the numbers", async () => {
  await using temp = await openTempStore();
  const { store } = temp;
  const create = () => store.createHen({ hen: sampleHen("ada"), manifestText: "" });
  await Promise.allSettled([create(), create(), create()]);
  await store.deleteHen(henId("ada"), at(1));
  expect(temp.events.map(({ seq, type }) => [seq, type])).toEqual([
    [1, "hen_created"],
    [2, "hen_deleted"],
  ]);
});

test("subscribers hear every event once and in order before the caller has its answer, and the rows say the same", async () => {
  await using temp = await openTempStore();
  const { store } = temp;
  await Promise.all(
    Array.from({ length: 50 }, async (_, n) => {
      await store.createHen({ hen: sampleHen(`h${n}`), manifestText: "" });
      expect(temp.events).toContainEqual(expect.objectContaining({ type: "hen_created", id: henId(`h${n}`) }));
      await store.enqueue({ job: sampleJob(n, `h${n}`), hen: { from: ["IDLE"], moves: [] }, limits: NO_LIMITS });
    }),
  );
  expect(temp.events.map(({ seq }) => seq)).toEqual(Array.from({ length: 100 }, (_, n) => n + 1));
  expect(await store.events(0, 1_000)).toEqual([...temp.events]);
  expect(await store.events(97, 2)).toEqual(temp.events.slice(97, 99));
  expect(await store.events(100, 10)).toEqual([]);
});

test("numbers go on after a restart, also when rows were pruned, and the oldest kept one is known", async () => {
  await using temp = await openTempStore();
  expect(await temp.store.firstEventSeq()).toBe(1);
  expect((await temp.store.counts()).eventSeq).toBe(0);
  for (const name of ["a", "b", "c"]) await temp.store.createHen({ hen: sampleHen(name), manifestText: "" });
  expect(await temp.store.firstEventSeq()).toBe(1);
  temp.tamper("DELETE FROM events WHERE seq < 3");
  expect(await temp.store.firstEventSeq()).toBe(3);
  temp.tamper("DELETE FROM events");
  await temp.reopen();
  expect(await temp.store.firstEventSeq()).toBe(4);
  expect((await temp.store.counts()).eventSeq).toBe(3);
  await temp.store.createHen({ hen: sampleHen("d"), manifestText: "" });
  expect(temp.events.at(-1)).toMatchObject({ seq: 4, id: henId("d") });
});

test("a subscriber that throws is logged and neither the others nor the caller suffer; one that stopped hears nothing", async () => {
  await using temp = await openTempStore();
  const heard: number[] = [];
  const unsubscribe = temp.store.subscribe(() => {
    throw new Error("mine");
  });
  const stop = temp.store.subscribe((events) => heard.push(...events.map(({ seq }) => seq)));
  await temp.store.createHen({ hen: sampleHen("a"), manifestText: "" });
  stop();
  unsubscribe();
  await temp.store.createHen({ hen: sampleHen("b"), manifestText: "" });
  expect(heard).toEqual([1]);
  expect(temp.warnings).toEqual([expect.stringContaining("listener")]);
});
