import { expect, test } from "bun:test";
import { FarmSlots } from "./farm-slots.ts";

const never = new AbortController().signal;

function slotsOf(max: number) {
  const state = { rings: 0 };
  const slots = new FarmSlots(max, () => {
    state.rings += 1;
  });
  return { slots, state };
}
/** Claims up to `want` jobs. */
function claim(slots: FarmSlots, want: number) {
  const { count, fill } = slots.reserve();
  const used = Math.min(count, want);
  fill(used);
  return Array.from({ length: used }, () => slots.slot());
}

test("no more is claimed than there is room for, and a claim under way keeps its room", () => {
  const { slots } = slotsOf(2);
  const first = slots.reserve();
  expect([first.count, slots.free()]).toEqual([2, 0]);
  first.fill(1);
  expect(slots.free()).toBe(1);
  expect(claim(slots, 5).length).toBe(1);
  expect(slots.free()).toBe(0);
});

test("giving back what a claim did not fill rings no bell, or claiming would never rest", () => {
  const { slots, state } = slotsOf(2);
  expect(claim(slots, 0)).toEqual([]);
  expect([slots.free(), state.rings]).toEqual([2, 0]);
});

test("a job that is parked makes room, and comes back before anything new is claimed", async () => {
  const { slots, state } = slotsOf(1);
  const [parent] = claim(slots, 1);
  parent?.park();
  expect(state.rings).toBe(1);
  const [child] = claim(slots, 1);
  let isBack = false;
  const back = parent?.comeBack(never).then(() => {
    isBack = true;
  });
  await Promise.resolve();
  expect([isBack, slots.free()]).toEqual([false, 0]);
  child?.release();
  await back;
  expect([isBack, slots.free()]).toEqual([true, 0]);
  parent?.release();
  parent?.release();
  expect(slots.free()).toBe(1);
});

test("a job that is aborted comes back at once, so that it can end; one that ends while parked gives nothing twice", async () => {
  const { slots } = slotsOf(1);
  const [parent] = claim(slots, 1);
  parent?.park();
  const [child] = claim(slots, 1);
  await parent?.comeBack(AbortSignal.abort());
  expect(slots.free()).toBe(0);
  parent?.release();
  child?.park();
  child?.release();
  expect(slots.free()).toBe(1);
});

test("jobs that go on from before run even beyond the limit", () => {
  const { slots } = slotsOf(1);
  const left = [slots.takeOver(), slots.takeOver()];
  expect(slots.free()).toBe(0);
  left[0]?.release();
  expect(slots.free()).toBe(0);
  left[1]?.release();
  expect(slots.free()).toBe(1);
});
