import { expect, test } from "bun:test";
import type { Log, Pruned, PruneRules, Store } from "coopd-core";
import { sweep } from "./retention.ts";

const SILENT: Log = { debug() {}, info() {}, warn() {}, error() {} };

/** A store of which only pruning is asked; it has so much to remove. */
function storeWith(batches: readonly Pruned[], asked: PruneRules[]): Store {
  const left = [...batches];
  const prune = async (rules: PruneRules) => {
    asked.push(rules);
    return left.shift() ?? { events: 0, jobs: 0, keys: 0, egress: 0, isDone: true };
  };
  return { prune } as Partial<Store> as Store;
}

test("a sweep goes on batch by batch until nothing is left, by the clock it was given", async () => {
  const asked: PruneRules[] = [];
  const full = { events: 500, jobs: 0, keys: 0, egress: 40, isDone: false };
  const store = storeWith([full, full, { events: 3, jobs: 2, keys: 1, egress: 4, isDone: true }, full], asked);
  const clock = { nowMs: () => Date.UTC(2026, 2, 1) };
  const sum = await sweep({ store, clock, log: SILENT }, new AbortController().signal);
  expect(sum).toEqual({ events: 1003, jobs: 2, keys: 1, egress: 84 });
  expect(asked).toHaveLength(3);
  expect(asked[0] as unknown).toEqual({
    at: "2026-03-01T00:00:00Z",
    eventsMs: 30 * 86_400_000,
    eventsMax: 1_000_000,
    egressMs: 30 * 86_400_000,
  });
});

test("a daemon that stops ends a sweep between two batches", async () => {
  const asked: PruneRules[] = [];
  const stop = new AbortController();
  const store = storeWith([], asked);
  stop.abort();
  await sweep({ store, clock: { nowMs: () => 0 }, log: SILENT }, stop.signal);
  expect(asked).toEqual([]);
});
