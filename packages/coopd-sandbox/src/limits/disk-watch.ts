import { statfs } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { CoopError, type HenId, toCoopError } from "coopd-core";
import type { Pen } from "../pen/pen.ts";
import { type MeasureParts, measureTree, type TreeSize } from "./measure-tree.ts";

/** Holds hens to their `resources.disk_mb` and to a number of inodes (walls.md, Files). */
export interface DiskWatch {
  /**
   * Runs `work` and ends it by its signal when the folder grows beyond its limit. A folder that is already beyond it
   * may be worked in, so that the hen can make room, as long as it does not grow.
   * @throws CoopError `limit_reached`, and what `work` throws
   */
  guard<T>(pen: Pen, signal: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T>;
  /** @throws CoopError `limit_reached` when so many more bytes don't fit. */
  requireRoom(pen: Pen, bytes: number): Promise<void>;
  forget(henId: HenId): void;
}

/** How often the file system is asked for its free space, which costs microseconds; `du` runs only when that has fallen. */
const LOOK_MS = 100;

/** `du` runs at this age even where free space tells nothing: btrfs counts no inodes, and another's deletions hide growth. */
const SIZE_AGE_MS_MAX = 15_000;

/** And at the most one part in this of the time, so that a large tree is not walked without end. */
const MEASURE_SHARE = 5;

interface Known extends TreeSize {
  readonly atMs: number;
  readonly tookMs: number;
  readonly freeBytes: number;
  readonly freeInodes: number;
}

/** Without quotas a limit is held by measuring: overshoot is what a hen writes in about a third of a second. */
export function createDiskWatch(parts: MeasureParts): DiskWatch {
  const known = new Map<HenId, Known>();

  async function measure(pen: Pen): Promise<Known> {
    const free = await readFree(pen);
    const start = performance.now();
    const size = await measureTree(pen.workdir, parts);
    const atMs = performance.now();
    const found = { ...size, ...free, atMs, tookMs: atMs - start };
    known.set(pen.henId, found);
    return found;
  }

  /** The size as last measured, or measured anew where it may have come near its limit since. */
  async function sizeOf(pen: Pen): Promise<Known> {
    const last = known.get(pen.henId);
    if (last === undefined) return measure(pen);
    const age = performance.now() - last.atMs;
    if (age < last.tookMs * MEASURE_SHARE) return last;
    const free = await readFree(pen);
    const mayHaveGrown = (fallen: number, room: number) => fallen > Math.max(0, room) / 2;
    const isNear =
      isBeyond(pen, last) ||
      mayHaveGrown(last.freeBytes - free.freeBytes, pen.limits.diskBytes - last.bytes) ||
      mayHaveGrown(last.freeInodes - free.freeInodes, pen.limits.inodes - last.inodes);
    return isNear || age > SIZE_AGE_MS_MAX ? measure(pen) : last;
  }

  async function guard<T>(pen: Pen, signal: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const over = new AbortController();
    const done = new AbortController();
    const watching = watch(pen, over, done.signal);
    try {
      return await work(AbortSignal.any([signal, over.signal]));
    } catch (thrown) {
      throw over.signal.aborted && !signal.aborted ? over.signal.reason : thrown;
    } finally {
      done.abort();
      await watching;
    }
  }

  async function watch(pen: Pen, over: AbortController, done: AbortSignal): Promise<void> {
    try {
      // A short run ends before this and costs nothing.
      await delay(LOOK_MS, undefined, { signal: done });
      const start = await sizeOf(pen);
      for (;;) {
        const size = await sizeOf(pen);
        if (isBeyond(pen, size) && (!isBeyond(pen, start) || size.bytes > start.bytes || size.inodes > start.inodes)) {
          over.abort(refusal(pen, size));
          return;
        }
        await delay(LOOK_MS, undefined, { signal: done });
      }
    } catch (thrown) {
      // Not measurable is not unlimited; an end of the wait is the run's own end.
      if (!done.aborted) over.abort(toCoopError(thrown, "sandbox_failed"));
    }
  }

  async function requireRoom(pen: Pen, bytes: number): Promise<void> {
    const fits = (size: TreeSize) => !isBeyond(pen, { bytes: size.bytes + bytes, inodes: size.inodes });
    if (fits(await sizeOf(pen))) return;
    const now = await measure(pen); // it may have made room since
    if (!fits(now)) throw refusal(pen, now);
  }

  return { guard, requireRoom, forget: (henId) => known.delete(henId) };
}

function isBeyond({ limits }: Pen, size: TreeSize): boolean {
  return size.bytes > limits.diskBytes || size.inodes > limits.inodes;
}

async function readFree({ workdir }: Pen): Promise<{ readonly freeBytes: number; readonly freeInodes: number }> {
  const found = await statfs(workdir);
  return { freeBytes: found.bfree * found.bsize, freeInodes: found.ffree };
}

function refusal({ limits }: Pen, size: TreeSize): CoopError {
  const mib = (bytes: number) => Math.ceil(bytes / 2 ** 20);
  return new CoopError(
    "limit_reached",
    `the workdir holds ${mib(size.bytes)} MiB in ${size.inodes} files; its limits are ${mib(limits.diskBytes)} MiB and ${limits.inodes} files`,
    { next: "Remove files, or raise resources.disk_mb in the manifest." },
  );
}
