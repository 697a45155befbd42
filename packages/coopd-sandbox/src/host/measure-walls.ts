import { type WallRow, workdirKey } from "coopd-core";
import type { Ground } from "../ground.ts";
import type { Cgroups } from "../limits/cgroups.ts";
import type { Runners } from "../run/runners.ts";
import type { ReadyHost } from "./inspect-host.ts";
import { PROBE_HEN, probeLaunch } from "./probe-launch.ts";

/** What a host turned out to hold. */
export interface MeasuredWalls {
  readonly rows: Awaited<ReturnType<typeof probeLaunch>>;
  /** Undefined where there are none for us. */
  readonly cgroups: Cgroups | undefined;
  /** Limits hold over all processes of a hen together. */
  readonly sharedLimits: WallRow;
}

/** Cgroups that can be made but not joined, as in some containers, are told as missing instead of used. */
export async function measureWalls(ground: Ground, host: ReadyHost, { run }: Runners): Promise<MeasuredWalls> {
  const parts = { folder: `${ground.dataDir}/sandbox`, uid: host.uids?.probeUid, mounts: ground.mounts };
  const probe = (cgroups: Cgroups | undefined) =>
    probeLaunch({ ...parts, run: (pen, spec) => run(cgroups, pen, spec) });
  const found = ground.cgroups;
  if ("missing" in found) {
    const sharedLimits = { holds: false, reason: found.missing } as const;
    return { rows: await probe(undefined), cgroups: undefined, sharedLimits };
  }
  const rows = await probe(found);
  if (rows.confine.holds) {
    await found.remove(workdirKey(PROBE_HEN));
    return { rows, cgroups: found, sharedLimits: { holds: true } };
  }
  await found.close();
  const sharedLimits = { holds: false, reason: `a process can't join its cgroup: ${rows.confine.reason}` } as const;
  return { rows: await probe(undefined), cgroups: undefined, sharedLimits };
}
