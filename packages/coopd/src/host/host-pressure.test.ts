import { expect, test } from "bun:test";
import { tmpdir } from "node:os";
import { createHostPressure } from "./host-pressure.ts";

test("the CPU's share is that of the time since the last look, and looks within a second are one", () => {
  let nowMs = 0;
  let looks = 0;
  const times = [
    { busy: 100, all: 1_000 },
    { busy: 350, all: 2_000 },
    { busy: 350, all: 2_000 },
  ];
  const pressure = createHostPressure({
    dataDir: tmpdir(),
    nowMs: () => nowMs,
    cpuTimes: () => times[looks++] ?? { busy: 0, all: 0 },
  });
  expect(pressure().cpu_percent).toBeNull();
  nowMs = 999;
  expect(pressure().cpu_percent).toBeNull();
  nowMs = 2_000;
  expect(pressure().cpu_percent).toBe(25);
  nowMs = 4_000;
  expect(pressure().cpu_percent).toBeNull(); // no time went by for the cores, as on a host that was suspended
  expect(looks).toBe(3);
});

test("on this host memory and disk are told in bytes that can be", () => {
  const { memory, disk, cores, load_1m } = createHostPressure({ dataDir: tmpdir(), nowMs: () => 0 })();
  expect(memory.available_bytes).toBeGreaterThan(0);
  expect(memory.available_bytes).toBeLessThanOrEqual(memory.total_bytes);
  expect(disk.free_bytes).toBeGreaterThan(0);
  expect(disk.free_bytes).toBeLessThanOrEqual(disk.total_bytes);
  expect(cores).toBeGreaterThan(0);
  expect(load_1m).toBeGreaterThanOrEqual(0);
});
