import { expect, test } from "bun:test";
import { resourceLimits } from "./resource-limits.ts";

const GIB = 2 ** 30;
const SPEC = {
  ram_request_mb: null,
  ram_limit_mb: null,
  cpu_request: null,
  cpu_limit: null,
  prefer_roost: null,
  disk_mb: null,
};

test("without a manifest's word a hen gets 4 GiB or half of a small host, 10 GiB of disk and 500,000 inodes", () => {
  expect(resourceLimits(null, 64 * GIB)).toEqual({
    memoryBytes: 4 * GIB,
    cpuCores: undefined,
    diskBytes: 10 * GIB,
    inodes: 500_000,
  });
  expect(resourceLimits(SPEC, GIB).memoryBytes).toBe(GIB / 2);
});

test("the manifest's numbers hold, and memory never falls below what a shell needs", () => {
  const limits = resourceLimits({ ...SPEC, ram_limit_mb: 512, cpu_limit: 1.5, disk_mb: 100 }, GIB);
  expect(limits).toMatchObject({ memoryBytes: GIB / 2, cpuCores: 1.5, diskBytes: 100 * 2 ** 20 });
  expect(resourceLimits({ ...SPEC, ram_limit_mb: 1 }, GIB).memoryBytes).toBe(32 * 2 ** 20);
});
