import { statfs } from "node:fs/promises";
import type { HenId } from "coopd-core";
import type { Pen } from "../pen/pen.ts";
import { type MeasureParts, measureTree, type TreeSize } from "./measure-tree.ts";

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

/** The sizes of workdirs, as measured last; measuring walks the whole tree. */
export interface SizeBook {
  /** The size as last measured, or measured anew where it may have come near its limit since. */
  sizeOf(pen: Pen): Promise<TreeSize>;
  /** The size as it is now. */
  measure(pen: Pen): Promise<TreeSize>;
  forget(henId: HenId): void;
}

/** An empty book. */
export function createSizeBook(parts: MeasureParts): SizeBook {
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

  return { sizeOf, measure, forget: (henId) => known.delete(henId) };
}

/** True when a folder of this size is beyond the hen's limits. */
export function isBeyond({ limits }: Pen, size: TreeSize): boolean {
  return size.bytes > limits.diskBytes || size.inodes > limits.inodes;
}

async function readFree({ workdir }: Pen): Promise<{ readonly freeBytes: number; readonly freeInodes: number }> {
  const found = await statfs(workdir);
  return { freeBytes: found.bfree * found.bsize, freeInodes: found.ffree };
}
