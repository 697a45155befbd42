import { expect, test } from "bun:test";
import { createJob, createTask, type HenId, type JobId, type Store, type TaskId, toInstant } from "coopd-core";
import { createLog } from "../log/log.ts";
import type { EventBus } from "../watch/bus.ts";
import { Attention } from "./attention.ts";
import type { Pens } from "./pens.ts";
import type { Wants } from "./wants.ts";

const TASK = {
  ...createTask({ id: "t" as TaskId, prompt: "tidy", kind: "shell", leaseId: null, at: toInstant(0) }),
  status: "DISPATCHED",
  claimed_by: "local.coop/sh" as HenId,
} as const;

test("a quiet agent is looked at again after 30 s, not every second, and its task is read once each time", async () => {
  let reads = 0;
  const store = {
    dismissals: async () => [],
    jobs: async () => [],
    hens: async () => [],
    deniedInJobs: async () => [],
    tasksIn: async () => {
      reads += 1;
      return [TASK];
    },
  } as unknown as Store;
  const timers: { readonly work: () => void; readonly ms: number }[] = [];
  const settled = async () => {
    for (let turn = 0; timers.length === 0 && turn < 1_000; turn += 1) await Promise.resolve();
  };
  const next = async (ms: number) => {
    await settled();
    expect(timers.map((timer) => timer.ms)).toEqual([ms]);
    timers.pop()?.work();
  };
  const attention = new Attention({
    store,
    pens: {} as Pens,
    wants: { all: () => [] } as unknown as Wants,
    clock: { nowMs: () => 0 },
    log: createLog({ level: "off", format: "text", color: false, write: () => {} }),
    bus: { notice: () => {} } as unknown as EventBus,
    waitingFor: () => null,
    later: (work, ms) => {
      const timer = { work, ms };
      timers.push(timer);
      return () => void timers.splice(timers.indexOf(timer), 1);
    },
  });
  attention.changed();
  await next(1_000);
  expect(reads).toBe(1);
  await next(30_000);
  expect(reads).toBe(2);
  await next(30_000); // nothing has changed in between
  expect(reads).toBe(3);
  await settled();
  attention.changed(); // something happens: the long wait gives way to the short one
  await next(1_000);
});

test("the newest is first, also where a time has a zero at its end, which an instant leaves out", async () => {
  const times = [1_000, 800, 812, 1_010, 12];
  const failed = times.map((ms) => {
    const at = toInstant(ms);
    const job = createJob({ id: `j${ms}` as JobId, henId: TASK.claimed_by, prompt: "p", at, limits: {} as never });
    return { ...job, status: "FAILED", error: "e", ended_at: at };
  });
  const store = {
    dismissals: async () => [],
    jobs: async () => failed,
    hens: async () => [],
    deniedInJobs: async () => [],
    tasksIn: async () => [],
  } as unknown as Store;
  const attention = new Attention({
    store,
    pens: {} as Pens,
    wants: { all: () => [] } as unknown as Wants,
    clock: { nowMs: () => 2_000 },
    log: createLog({ level: "off", format: "text", color: false, write: () => {} }),
    bus: { notice: () => {} } as unknown as EventBus,
    waitingFor: () => null,
  });
  const ids: readonly unknown[] = (await attention.list()).map(({ job_id }) => job_id);
  expect(ids).toEqual(["j1010", "j1000", "j812", "j800", "j12"]);
});
