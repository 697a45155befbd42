import { readFileSync } from "node:fs";

/** The uids, and equal gids, of hens under a root daemon. */
export interface UidRange {
  readonly base: number;
  readonly count: number;
}

/** walls.md, Launch: 65,536 uids, of which the last is the host probe's own and is never given to a hen. */
const RANGE_SIZE = 65_536;
/** First uid of the hens: above what Debian gives to people, services and the first account's subordinate ids. */
export const UID_BASE_DEFAULT = 200_000;

/** Ids above this are refused: the kernel's highest is 2^32 - 2, and tools still confuse the upper half with -1. */
const UID_MAX = 2 ** 31 - 1;

/** The hens' uids and, apart from them, the one that probes run under. */
export interface UidPlan {
  readonly range: UidRange;
  readonly probeUid: number;
}

/** The text of the files that say which ids somebody else uses; empty where one is absent. */
export interface IdFiles {
  readonly passwd: string;
  readonly group: string;
  readonly subuid: string;
  readonly subgid: string;
}

/** The host's lists of ids; an absent one is empty. */
export function readIdFiles(): IdFiles {
  return {
    passwd: readOptional("/etc/passwd"),
    group: readOptional("/etc/group"),
    subuid: readOptional("/etc/subuid"),
    subgid: readOptional("/etc/subgid"),
  };
}

/**
 * Plans the range, or says who already uses an id in it: a uid that a user or a user's containers
 * share with a hen would let one into the other's files.
 */
export function planUids(base: number, files: IdFiles): UidPlan | { readonly conflict: string } {
  if (!Number.isSafeInteger(base) || base < 1000 || base + RANGE_SIZE > UID_MAX) {
    return { conflict: `COOP_UID_BASE ${base} is not between 1000 and ${UID_MAX - RANGE_SIZE}` };
  }
  const end = base + RANGE_SIZE;
  for (const taken of takenIds(files)) {
    if (taken.first >= end || taken.first + taken.count <= base) continue;
    return {
      conflict: `the hens' ids ${base}-${end - 1} overlap with ${taken.owner}; set COOP_UID_BASE to another start, for instance ${freeBase(files)}`,
    };
  }
  return { range: { base, count: RANGE_SIZE - 1 }, probeUid: end - 1 };
}

interface TakenIds {
  readonly owner: string;
  readonly first: number;
  readonly count: number;
}

function takenIds(files: IdFiles): TakenIds[] {
  const single = (path: string) => (row: readonly string[]) => ({
    owner: `${path}: ${row[0]}`,
    first: Number(row[2]),
    count: 1,
  });
  const span = (path: string) => (row: readonly string[]) => ({
    owner: `${path}: ${row[0]}`,
    first: Number(row[1]),
    count: Number(row[2]),
  });
  return [
    ...rowsOf(files.passwd).map(single("/etc/passwd")),
    ...rowsOf(files.group).map(single("/etc/group")),
    ...rowsOf(files.subuid).map(span("/etc/subuid")),
    ...rowsOf(files.subgid).map(span("/etc/subgid")),
  ].filter((taken) => Number.isFinite(taken.first) && taken.count > 0);
}

function rowsOf(text: string): string[][] {
  const lines = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  return lines.map((line) => line.split(":"));
}

/** The next multiple of 100,000 above everything taken below the upper half of the id space. */
function freeBase(files: IdFiles): number {
  const ends = takenIds(files).map((taken) => taken.first + taken.count);
  const highest = Math.max(UID_BASE_DEFAULT, ...ends.filter((end) => end < UID_MAX / 2));
  return Math.ceil(highest / 100_000) * 100_000;
}

function readOptional(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return "";
    throw cause;
  }
}
