import { expect, test } from "bun:test";
import type { Task, TaskId } from "coopd-core";
import { at, henId, sampleId } from "../testing/samples.ts";
import { openTempStore, refusal } from "../testing/temp-store.ts";

const taskId = (n: number) => sampleId<never>(n) as TaskId;
const sampleTask = (n: number): Task => ({
  id: taskId(n),
  prompt: `task ${n}`,
  required_agent_kind: n % 2 === 0 ? null : "codex",
  status: "PENDING",
  claimed_by: null,
  created_at: at(n),
  updated_at: at(n),
  lease_id: null,
});

test("a task that is not there or in another status is not moved", async () => {
  await using temp = await openTempStore();
  const { store } = temp;
  const move = { from: ["DISPATCHED"], to: "DONE", at: at(9) } as const;
  expect((await refusal(store.moveTask({ id: taskId(1), ...move }))).code).toBe("task_not_found");
  await store.createTask(sampleTask(1));
  const refused = await refusal(store.moveTask({ id: taskId(1), ...move }));
  expect([refused.code, refused.details?.from]).toEqual(["illegal_move", "PENDING"]);
  expect((await refusal(store.moveTask({ id: taskId(1), ...move, from: [] }))).code).toBe("illegal_move");
});

test("of many who dispatch one task one wins, and a task that waits again belongs to nobody", async () => {
  await using temp = await openTempStore();
  const { store } = temp;
  await store.createTask(sampleTask(1));
  const dispatch = (hen: string) =>
    store.moveTask({ id: taskId(1), from: ["PENDING"], to: "DISPATCHED", claimedBy: henId(hen), at: at(5) });
  const outcomes = await Promise.allSettled(["a", "b", "c"].map(dispatch));
  expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "rejected"]);
  expect(outcomes[0]).toMatchObject({ value: { status: "DISPATCHED", claimed_by: henId("a"), updated_at: at(5) } });
  const done = await store.moveTask({ id: taskId(1), from: ["DISPATCHED"], to: "DONE", at: at(6) });
  expect(done.claimed_by).toBe(henId("a"));
  const again = await store.moveTask({ id: taskId(1), from: ["DONE"], to: "PENDING", at: at(7) });
  expect(again.claimed_by).toBeNull();
});

test("tasks are kept over a restart and listed newest first, page by page", async () => {
  await using temp = await openTempStore();
  for (const n of [2, 1, 3]) expect(await temp.store.createTask(sampleTask(n))).toEqual(sampleTask(n));
  await temp.reopen();
  expect(await temp.store.tasks({ limit: 9 })).toEqual([sampleTask(3), sampleTask(2), sampleTask(1)]);
  expect(await temp.store.tasks({ limit: 1, after: taskId(3) })).toEqual([sampleTask(2)]);
  expect(await temp.store.tasks({ limit: 0 })).toEqual([]);
  await temp.store.moveTask({ id: taskId(2), from: ["PENDING"], to: "DONE", at: at(9) });
  expect(await temp.store.tasksIn("PENDING", { limit: 9 })).toEqual([sampleTask(1), sampleTask(3)]);
  expect(await temp.store.tasksIn("PENDING", { limit: 9, after: taskId(1) })).toEqual([sampleTask(3)]);
  expect(await temp.store.tasksIn("CANCELLED", { limit: 9 })).toEqual([]);
});

test("a setting is kept as it was last put", async () => {
  await using temp = await openTempStore();
  expect(await temp.store.setting("theme")).toBeUndefined();
  expect(await temp.store.putSetting("theme", "light")).toBeUndefined();
  await temp.store.putSetting("theme", "dark");
  await temp.reopen();
  expect(await temp.store.setting("theme")).toBe("dark");
});
