import { expect, test } from "bun:test";
import { at, henId, sampleHen } from "../testing/samples.ts";
import { openTempStore, refusal } from "../testing/temp-store.ts";

const RANGE = { base: 200_000, count: 3 };

test("a hen that is not there has no uid", async () => {
  await using temp = await openTempStore();
  expect((await refusal(temp.store.allotUid(henId("nobody"), RANGE))).code).toBe("hen_not_found");
});

test("uids are given out once each, and a hen keeps its own over a restart", async () => {
  await using temp = await openTempStore();
  for (const name of ["a", "b", "c", "d"]) await temp.store.createHen({ hen: sampleHen(name), manifestText: "" });
  const uids = await Promise.all(["a", "b", "c"].map((name) => temp.store.allotUid(henId(name), RANGE)));
  expect(uids).toEqual([200_000, 200_001, 200_002]);
  const full = await refusal(temp.store.allotUid(henId("d"), RANGE));
  expect(full.code).toBe("limit_reached");
  await temp.reopen();
  expect(await temp.store.allotUid(henId("b"), RANGE)).toBe(200_001);
});

test("the ring goes on behind the last, so a deleted hen's uid comes back last", async () => {
  await using temp = await openTempStore();
  const { store } = temp;
  const allot = async (name: string) => {
    await store.createHen({ hen: sampleHen(name), manifestText: "" });
    return store.allotUid(henId(name), RANGE);
  };
  expect([await allot("a"), await allot("b")]).toEqual([200_000, 200_001]);
  await store.deleteHen(henId("a"), at(1));
  expect(await allot("c")).toBe(200_002);
  expect(await allot("d")).toBe(200_000);
});

test("with another range the ring starts at its base", async () => {
  await using temp = await openTempStore();
  const { store } = temp;
  for (const name of ["a", "b"]) await store.createHen({ hen: sampleHen(name), manifestText: "" });
  await store.allotUid(henId("a"), RANGE);
  expect(await store.allotUid(henId("b"), { base: 500, count: 2 })).toBe(500);
});
