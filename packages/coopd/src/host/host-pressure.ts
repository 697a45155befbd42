import { readFileSync, statfsSync } from "node:fs";
import { cpus, freemem, loadavg, totalmem } from "node:os";
import type { HostPressure } from "coopd-core";

/** Where the figures come from; all of it has a default that reads this host. */
export interface HostPressureParts {
  readonly dataDir: string;
  readonly nowMs: () => number;
  /** Busy and all time of all cores since the host's start, ms. */
  readonly cpuTimes?: () => CpuTimes;
}

/** Time of all cores together, ms. */
export interface CpuTimes {
  readonly busy: number;
  readonly all: number;
}

/** Asked more often, the figures are those of the last time: reading them takes about a millisecond. */
const FRESH_MS = 1_000;

/** Measures how hard the host is pressed. The share of the CPU is that since the time before, so the first has none. */
export function createHostPressure({ dataDir, nowMs, cpuTimes = readCpuTimes }: HostPressureParts): () => HostPressure {
  let last: { readonly atMs: number; readonly cpu: CpuTimes; readonly found: HostPressure } | undefined;
  return () => {
    const atMs = nowMs();
    if (last !== undefined && atMs - last.atMs < FRESH_MS) return last.found;
    const cpu = cpuTimes();
    const disk = statfsSync(dataDir);
    const found = {
      cores: cpus().length,
      cpu_percent: last === undefined ? null : shareOf(last.cpu, cpu),
      load_1m: Math.round((loadavg()[0] ?? 0) * 100) / 100,
      memory: { total_bytes: totalmem(), available_bytes: readAvailable() ?? freemem() },
      disk: { total_bytes: disk.blocks * disk.bsize, free_bytes: disk.bavail * disk.bsize },
    };
    last = { atMs, cpu, found };
    return found;
  };
}

function shareOf(before: CpuTimes, now: CpuTimes): number | null {
  const all = now.all - before.all;
  return all <= 0 ? null : Math.round(Math.min(1, Math.max(0, (now.busy - before.busy) / all)) * 100);
}

function readCpuTimes(): CpuTimes {
  let [busy, all] = [0, 0];
  for (const { times } of cpus()) {
    const sum = times.user + times.nice + times.sys + times.idle + times.irq;
    all += sum;
    busy += sum - times.idle;
  }
  return { busy, all };
}

/** What can be had without swapping (proc(5), MemAvailable); undefined where the system does not say. */
function readAvailable(): number | undefined {
  try {
    const kilobytes = /^MemAvailable:\s+(\d+) kB$/m.exec(readFileSync("/proc/meminfo", "utf8"))?.[1];
    return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
  } catch {
    return undefined; // macOS has no /proc
  }
}
