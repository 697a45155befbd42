import type { ResourcesSpec } from "coopd-core";

/** What all processes of one hen together may use. */
export interface ResourceLimits {
  readonly memoryBytes: number;
  /** Cores' worth of time; undefined shares what is free. */
  readonly cpuCores: number | undefined;
  readonly diskBytes: number;
  readonly inodes: number;
}

const MIB = 2 ** 20;

/** Enough for a compiler or a browser, and half of a small machine at the most, so that one hen can't take it down. */
const MEMORY_BYTES_DEFAULT = 4096 * MIB;

/** Below this a shell with a few children no longer starts. */
const MEMORY_BYTES_MIN = 32 * MIB;

const DISK_BYTES_DEFAULT = 10 * 1024 * MIB;

/** Five large node_modules trees; the manifest sets bytes only, and a file system runs out of inodes as well. */
const INODES_MAX = 500_000;

/** The limits that hold for a manifest's `resources:`; requests and placement are the scheduler's. */
export function resourceLimits(spec: ResourcesSpec | null, hostMemoryBytes: number): ResourceLimits {
  const memory = spec?.ram_limit_mb ?? null;
  const disk = spec?.disk_mb ?? null;
  return {
    memoryBytes: Math.max(
      MEMORY_BYTES_MIN,
      memory === null ? Math.min(MEMORY_BYTES_DEFAULT, Math.floor(hostMemoryBytes / 2)) : memory * MIB,
    ),
    cpuCores: spec?.cpu_limit ?? undefined,
    diskBytes: disk === null ? DISK_BYTES_DEFAULT : disk * MIB,
    inodes: INODES_MAX,
  };
}

/** Processes and threads in a hen's cgroup. Below 256 spawns fail, because teardown lags (walls.md, fact 9). */
export const PIDS_MAX = 512;
