import { readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { CoopError } from "coopd-core";
import { readChildren } from "../run/process-table.ts";

/** How often memory is summed up where no cgroup does it. A hen writes about 200 MB in that time. */
const LOOK_MS = 200;

/** Bytes of a page in /proc/PID/statm: 4 KiB on x86-64 and, but for rare kernels, on aarch64. */
const PAGE_BYTES = 4096;

/** A tree has 400 processes at the most; more would mean that we walk in circles. */
const PROCESSES_MAX = 2048;

/**
 * Where no cgroup holds a hen's processes to their memory together: sums it up every 200 ms, and ends the launch through
 * `over` when it is beyond the limit. Returns when `done` is aborted. Each process alone is held by RLIMIT_DATA.
 */
export async function watchMemory(
  launchPid: number,
  limitBytes: number,
  over: AbortController,
  done: AbortSignal,
): Promise<void> {
  while (!done.aborted) {
    await delay(LOOK_MS, undefined, { signal: done }).catch(() => undefined);
    const pids = readTree(launchPid);
    // Resident memory counts a forked page once for each process; only when that is too much, the exact share is asked for.
    if (sum(pids, readResident) <= limitBytes) continue;
    const bytes = sum(pids, readShare);
    if (bytes <= limitBytes || done.aborted) continue;
    over.abort(
      new CoopError(
        "limit_reached",
        `its processes took ${toMiB(bytes)} MiB; their limit is ${toMiB(limitBytes)} MiB`,
        {
          next: "Use less memory, or raise resources.ram_limit_mb in the manifest.",
        },
      ),
    );
    return;
  }
}

/** The processes below one; inside a pid namespace whoever loses its parent is given to the namespace's first process. */
function readTree(root: number): number[] {
  const found: number[] = [];
  for (let next = [root]; next.length > 0 && found.length < PROCESSES_MAX; next = next.flatMap(readChildren)) {
    found.push(...next);
  }
  return found;
}

function sum(pids: readonly number[], read: (pid: number) => number): number {
  return pids.reduce((total, pid) => total + read(pid), 0);
}

function readResident(pid: number): number {
  const [, resident = "0", shared = "0"] = (readProc(`/proc/${pid}/statm`) ?? "").split(" ");
  return (Number(resident) - Number(shared)) * PAGE_BYTES;
}

/** Proportional share of memory that is not backed by files; a process that hides it counts with all that is resident. */
function readShare(pid: number): number {
  const kibibytes = /^Pss_Anon:\s+(\d+) kB$/m.exec(readProc(`/proc/${pid}/smaps_rollup`) ?? "")?.[1];
  return kibibytes === undefined ? readResident(pid) : Number(kibibytes) * 1024;
}

function readProc(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined; // it has ended, or closed itself to us
  }
}

function toMiB(bytes: number): number {
  return Math.ceil(bytes / 2 ** 20);
}
