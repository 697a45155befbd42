import { expect, test } from "bun:test";
import { PAGE_MAX } from "coopd-core";
import { at, henId, jobId, NO_LIMITS, sampleHen, sampleJob, settlement } from "../testing/samples.ts";
import { openTempStore, refusal } from "../testing/temp-store.ts";

test("a second hen of the same name is refused, and the first stays as it was", async () => {
  await using temp = await openTempStore();
  const { store } = temp;
  await store.createHen({ hen: sampleHen("ada"), manifestText: "first" });
  const again = store.createHen({ hen: sampleHen("ada", { state: "DEFINED" }), manifestText: "second" });
  expect((await refusal(again)).code).toBe("hen_exists");
  expect(await store.manifestText(henId("ada"))).toBe("first");
  expect((await store.hen(henId("ada")))?.state).toBe("IDLE");
});

test("a hen is kept as it was given, with its manifest text and what was sent along, over a restart", async () => {
  await using temp = await openTempStore();
  const hen = sampleHen("ada", { state: "DEFINED" });
  expect(
    await temp.store.createHen({ hen, manifestText: "name: ada\n", attachments: { "a.yaml": "turns: []" } }),
  ).toEqual(hen);
  await temp.reopen();
  expect(await temp.store.hen(hen.id)).toEqual(hen);
  expect(Object.keys((await temp.store.hen(hen.id)) ?? {})).toEqual(Object.keys(hen));
  expect(await temp.store.manifestText(hen.id)).toBe("name: ada\n");
  expect(await temp.store.attachment(hen.id, "a.yaml")).toBe("turns: []");
  expect(await temp.store.attachment(hen.id, "b.yaml")).toBeUndefined();
  expect(await temp.store.hen(henId("nobody"))).toBeUndefined();
});

test("a move is refused when the hen is not there, not in that state, or the table has no such move", async () => {
  await using temp = await openTempStore();
  const { store } = temp;
  await store.createHen({ hen: sampleHen("ada", { state: "DEFINED" }), manifestText: "" });
  const move = (name: string, from: "DEFINED" | "IDLE", moves: readonly ("IDLE" | "HATCHING" | "SLEEPING")[]) =>
    refusal(store.moveHen({ id: henId(name), from, moves, at: at(1) }));
  expect((await move("bob", "DEFINED", ["HATCHING"])).code).toBe("hen_not_found");
  const wrong = await move("ada", "IDLE", ["SLEEPING"]);
  expect([wrong.code, wrong.details?.from]).toEqual(["illegal_move", "DEFINED"]);
  expect((await move("ada", "DEFINED", ["HATCHING", "SLEEPING"])).code).toBe("illegal_move");
  expect((await store.hen(henId("ada")))?.state).toBe("DEFINED");
  expect(temp.events.map(({ type }) => type)).toEqual(["hen_created"]);
});

test("moves are made together, one event each, and change updated_at", async () => {
  await using temp = await openTempStore();
  const { store } = temp;
  await store.createHen({ hen: sampleHen("ada", { state: "DEFINED" }), manifestText: "" });
  const hen = await store.moveHen({ id: henId("ada"), from: "DEFINED", moves: ["HATCHING", "IDLE"], at: at(7) });
  expect([hen.state, hen.updated_at, hen.created_at]).toEqual(["IDLE", at(7), at()]);
  expect(temp.events.slice(1)).toEqual([
    { type: "hen_state_changed", id: henId("ada"), from: "DEFINED", to: "HATCHING", seq: 2, at: at(7) },
    { type: "hen_state_changed", id: henId("ada"), from: "HATCHING", to: "IDLE", seq: 3, at: at(7) },
  ]);
});

test("of 50 callers who want the same move one wins", async () => {
  await using temp = await openTempStore();
  const { store } = temp;
  await store.createHen({ hen: sampleHen("ada"), manifestText: "" });
  const moves = Array.from({ length: 50 }, () =>
    store.moveHen({ id: henId("ada"), from: "IDLE", moves: ["SLEEPING"], at: at(1) }),
  );
  const outcomes = await Promise.allSettled(moves);
  expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  expect(temp.events.filter(({ type }) => type === "hen_state_changed")).toHaveLength(1);
});

test("a hen neither leaves WORKING nor is deleted while a job of it runs, and the refusal names the job", async () => {
  await using temp = await openTempStore();
  const { store } = temp;
  await store.createHen({ hen: sampleHen("ada"), manifestText: "" });
  await store.enqueue({ job: sampleJob(1, "ada"), hen: { from: ["IDLE"], moves: [] }, limits: NO_LIMITS });
  await store.claim({ count: 1, at: at(1) });
  const left = await refusal(store.moveHen({ id: henId("ada"), from: "WORKING", moves: ["IDLE"], at: at(2) }));
  const deleted = await refusal(store.deleteHen(henId("ada"), at(2)));
  for (const { code, details } of [left, deleted]) expect([code, details?.job_id]).toEqual(["hen_busy", jobId(1)]);
});

test("deleting a hen takes its jobs, journals, memory, attachments and its place in the counts with it", async () => {
  await using temp = await openTempStore();
  const { store } = temp;
  await store.createHen({ hen: sampleHen("ada"), manifestText: "", attachments: { a: "b" } });
  await store.createHen({ hen: sampleHen("bob"), manifestText: "" });
  for (const n of [1, 2, 3]) {
    await store.enqueue({ job: sampleJob(n, "ada"), hen: { from: ["IDLE"], moves: [] }, limits: NO_LIMITS });
  }
  await store.enqueue({ job: sampleJob(4, "bob"), hen: { from: ["IDLE"], moves: [] }, limits: NO_LIMITS });
  const [claim] = await store.claim({ count: 1, at: at(1) });
  await store.settle({ jobId: jobId(1), epoch: claim?.epoch ?? 0, at: at(2), facts: [], settlement: settlement(1) });
  await store.deleteHen(henId("ada"), at(3));
  expect((await refusal(store.deleteHen(henId("ada"), at(3)))).code).toBe("hen_not_found");
  await store.createHen({ hen: sampleHen("ada"), manifestText: "" });
  expect(await store.jobs({ henId: henId("ada") }, { limit: 10 })).toEqual([]);
  expect(await store.journal(jobId(1), { after: 0, limit: 10 })).toEqual([]);
  expect(await store.episodes(henId("ada"), 10)).toEqual([]);
  expect(await store.attachment(henId("ada"), "a")).toBeUndefined();
  expect(await store.counts()).toMatchObject({ hensByState: { IDLE: 2 }, queued: 1, running: 0 });
  expect(await store.findFaults()).toEqual([]);
});

test("hens are listed by id, by state, page by page, and a limit is never exceeded", async () => {
  await using temp = await openTempStore();
  const { store } = temp;
  const names = ["d", "a", "c", "b"];
  await Promise.all(names.map((name) => store.createHen({ hen: sampleHen(name), manifestText: "" })));
  await store.createHen({ hen: sampleHen("e", { state: "SLEEPING" }), manifestText: "" });
  const ids = async (...args: Parameters<typeof store.hens>) => (await store.hens(...args)).map(({ id }) => id.at(-1));
  expect(await ids({}, { limit: 10 })).toEqual(["a", "b", "c", "d", "e"]);
  expect(await ids({ state: "IDLE" }, { limit: 2 })).toEqual(["a", "b"]);
  expect(await ids({ state: "IDLE" }, { limit: 2, after: henId("b") })).toEqual(["c", "d"]);
  expect(await ids({ state: "IDLE" }, { limit: 2, after: henId("d") })).toEqual([]);
  for (const limit of [0, -1, Number.NaN]) expect(await ids({}, { limit })).toEqual([]);
});

test("one read gives at most PAGE_MAX rows, whatever it is asked for", async () => {
  await using temp = await openTempStore();
  const { store } = temp;
  const many = Array.from({ length: PAGE_MAX + 5 }, (_, n) =>
    store.createHen({ hen: sampleHen(`h${n}`), manifestText: "" }),
  );
  await Promise.all(many);
  expect(await store.hens({}, { limit: Number.MAX_SAFE_INTEGER })).toHaveLength(PAGE_MAX);
  expect(await store.events(0, 1e9)).toHaveLength(PAGE_MAX);
});
