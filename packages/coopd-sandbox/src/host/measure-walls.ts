import { type HostWalls, type WallRow, workdirKey } from "coopd-core";
import type { Ground } from "../ground.ts";
import type { Cgroups } from "../limits/cgroups.ts";
import type { HenNetworks } from "../network/hen-networks.ts";
import type { Runners } from "../run/runners.ts";
import type { ReadyHost } from "./inspect-host.ts";
import { OWN_HENS } from "./own-hens.ts";
import { prepareGateProbe } from "./probe-gate.ts";
import { probeLaunch } from "./probe-launch.ts";
import type { ProbeParts } from "./probe-pen.ts";

/** What a host turned out to hold. */
export interface MeasuredWalls {
  readonly walls: HostWalls;
  /** Undefined where there are none for us. */
  readonly cgroups: Cgroups | undefined;
  /** Limits hold over all processes of a hen together. */
  readonly sharedLimits: WallRow;
}

/** Measures everything that policies need, with the launch, the network and the gate of every hen. */
export async function measureWalls(
  ground: Ground,
  host: ReadyHost,
  { run }: Runners,
  networks: HenNetworks,
): Promise<MeasuredWalls> {
  const parts = { folder: `${ground.dataDir}/sandbox`, uid: host.uids?.probeUid, mounts: ground.mounts };
  const partsWith = (cgroups: Cgroups | undefined): ProbeParts => ({
    ...parts,
    run: (pen, spec) => run(cgroups, pen, spec),
  });
  const probeGate = prepareGateProbe(networks);
  const launched = await measureLaunch(ground, (cgroups) => probeLaunch(partsWith(cgroups)));
  await networks.remove(OWN_HENS.probe);
  const { rows, cgroups, sharedLimits } = launched;
  const hasGround = rows.confine.holds && rows.networkOff.holds;
  let gate = await probeGate(partsWith(cgroups));
  // Once more: a host that was too busy for a moment would leave every hen without network until the next start.
  if (hasGround && !gate.holds) gate = await prepareGateProbe(networks)(partsWith(cgroups));
  if (!hasGround) gate = NO_GROUND;
  if (!gate.holds) networks.giveUpGate();
  for (const hen of [OWN_HENS.probe, OWN_HENS.gateProbe]) await cgroups?.remove(workdirKey(hen));
  return { walls: { ...rows, gate }, cgroups, sharedLimits };
}

const NO_GROUND: WallRow = { holds: false, reason: "it needs confined processes with a network of their own" };

type LaunchRows = Awaited<ReturnType<typeof probeLaunch>>;

/** Cgroups that can be made but not joined, as in some containers, are told as missing instead of used. */
async function measureLaunch(
  { cgroups: found }: Ground,
  probe: (cgroups: Cgroups | undefined) => Promise<LaunchRows>,
): Promise<Omit<MeasuredWalls, "walls"> & { readonly rows: LaunchRows }> {
  if ("missing" in found) {
    const sharedLimits = { holds: false, reason: found.missing } as const;
    return { rows: await probe(undefined), cgroups: undefined, sharedLimits };
  }
  const rows = await probe(found);
  if (rows.confine.holds) return { rows, cgroups: found, sharedLimits: { holds: true } };
  await found.close();
  const sharedLimits = { holds: false, reason: `a process can't join its cgroup: ${rows.confine.reason}` } as const;
  return { rows: await probe(undefined), cgroups: undefined, sharedLimits };
}
