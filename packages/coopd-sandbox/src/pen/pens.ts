import { mkdirSync, readdirSync, realpathSync } from "node:fs";
import { totalmem } from "node:os";
import { type HenId, henName, workdirKey } from "coopd-core";
import { homeOf } from "../launch/bwrap-arguments.ts";
import { type ResourceLimits, resourceLimits } from "../limits/resource-limits.ts";
import type { BindMounts } from "./bind-mounts.ts";
import { checkReadPaths, ensureWorkdir, type Pen, type PenParts } from "./pen.ts";
import { REMOVED, removeTree } from "./remove-tree.ts";

export interface Pens {
  open(parts: PenParts): Pen;
  /** Unmounts and removes the hen's folder; everything of the hen must be dead. */
  remove(henId: HenId): Promise<void>;
  /** Finishes removals that a crash interrupted. */
  sweep(): Promise<void>;
}

/** The pens of a data directory. `mounts` is undefined where no process can be confined or the daemon is not root. */
export function openPens(dataDir: string, mounts: BindMounts | undefined): Pens {
  const workdirs = `${realpathSync(dataDir)}/workdirs`;
  mkdirSync(workdirs, { recursive: true, mode: 0o700 });
  const pens = new Map<HenId, Pen>();

  function open({ henId, uid, read = [], resources = null }: PenParts): Pen {
    const limits = resourceLimits(resources, totalmem());
    const known = pens.get(henId);
    if (known !== undefined && known.uid === uid && sameRead(known, read) && sameLimits(known, limits)) {
      return known;
    }
    checkReadPaths(read, realpathSync(dataDir), henId);
    const workdir = `${workdirs}/${workdirKey(henId)}`;
    ensureWorkdir(workdir, uid);
    const bindSource = mounts !== undefined && uid !== undefined ? mounts.placeOf(uid) : workdir;
    const name = henName(henId);
    const pen = { henId, name, uid, workdir, home: homeOf(name), bindSource, read, limits };
    pens.set(henId, pen);
    return pen;
  }

  async function remove(henId: HenId): Promise<void> {
    const uid = pens.get(henId)?.uid;
    pens.delete(henId);
    if (mounts !== undefined && uid !== undefined) await mounts.unmount(uid);
    await removeTree(`${workdirs}/${workdirKey(henId)}`);
  }

  async function sweep(): Promise<void> {
    for (const entry of readdirSync(workdirs)) {
      if (entry.endsWith(REMOVED)) await removeTree(`${workdirs}/${entry.slice(0, -REMOVED.length)}`, "leftover");
    }
  }

  return { open, remove, sweep };
}

function sameRead({ read }: Pen, other: readonly string[]): boolean {
  return read.length === other.length && read.every((path, index) => path === other[index]);
}

function sameLimits({ limits }: Pen, other: ResourceLimits): boolean {
  return (Object.keys(other) as (keyof ResourceLimits)[]).every((key) => limits[key] === other[key]);
}
