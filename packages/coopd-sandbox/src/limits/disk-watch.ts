import { setTimeout as delay } from "node:timers/promises";
import { CoopError, type HenId, toCoopError } from "coopd-core";
import type { Pen } from "../pen/pen.ts";
import type { MeasureParts, TreeSize } from "./measure-tree.ts";
import { createSizeBook, isBeyond } from "./size-book.ts";

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

/** Without quotas a limit is held by measuring: overshoot is what a hen writes in about a third of a second. */
export function createDiskWatch(parts: MeasureParts): DiskWatch {
  const book = createSizeBook(parts);

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
      const start = await book.sizeOf(pen);
      for (;;) {
        const size = await book.sizeOf(pen);
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
    if (fits(await book.sizeOf(pen))) return;
    const now = await book.measure(pen); // it may have made room since
    if (!fits(now)) throw refusal(pen, now);
  }

  return { guard, requireRoom, forget: (henId) => book.forget(henId) };
}

function refusal({ limits }: Pen, size: TreeSize): CoopError {
  const mib = (bytes: number) => Math.ceil(bytes / 2 ** 20);
  return new CoopError(
    "limit_reached",
    `the workdir holds ${mib(size.bytes)} MiB in ${size.inodes} files; its limits are ${mib(limits.diskBytes)} MiB and ${limits.inodes} files`,
    { next: "Remove files, or raise resources.disk_mb in the manifest." },
  );
}
