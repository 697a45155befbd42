import { setTimeout as delay } from "node:timers/promises";
import { type HenId, type HostWalls, type Log, type WallRow, workdirKey } from "coopd-core";
import type { Gate } from "./gate/gate.ts";
import type { Ground } from "./ground.ts";
import type { ReadyHost } from "./host/inspect-host.ts";
import { measureWalls } from "./host/measure-walls.ts";
import type { LaunchWalls } from "./launch/launch-walls.ts";
import { createDiskWatch } from "./limits/disk-watch.ts";
import { HenNetworks } from "./network/hen-networks.ts";
import type { Pen } from "./pen/pen.ts";
import { openPens } from "./pen/pens.ts";
import type { ConfineSpec } from "./run/confine-spec.ts";
import { createRunRegister } from "./run/run-register.ts";
import { createRunners } from "./run/runners.ts";
import type { Sandbox } from "./sandbox.ts";
import { openTracked } from "./terminal/open-tracked.ts";
import type { TerminalSpec } from "./terminal/terminal-spec.ts";
import { wallsMissing } from "./walls-missing.ts";

/** A kill takes milliseconds; the daemon has 4 s to stop, and something that hangs in the kernel must not use them up. */
const CLOSE_MS_MAX = 1800;

/** The sandbox of a host that has every part; whether they work together is measured first. */
export async function openReadySandbox(
  ground: Ground,
  host: ReadyHost,
  walls: LaunchWalls,
  gate: Gate,
  log: Log,
): Promise<Sandbox> {
  const pens = openPens(ground.dataDir, ground.mounts);
  await pens.sweep();
  const runs = createRunRegister();
  const disk = createDiskWatch(host.programs);
  const networks = new HenNetworks({ programs: host.programs, isRoot: process.getuid?.() === 0, gate });
  const runners = createRunners(ground, host, walls, networks);
  const { walls: rows, cgroups, sharedLimits } = await measureWalls(ground, host, runners, networks);
  tellMissing(rows, sharedLimits, log);

  async function confine(pen: Pen, spec: ConfineSpec) {
    assertWalls(rows.confine, host, pen);
    return runs.track(pen.henId, spec.signal, (outer) =>
      disk.guard(pen, outer, (signal) => runners.run(cgroups, pen, { ...spec, signal })),
    );
  }

  async function openTerminal(pen: Pen, spec: TerminalSpec) {
    assertWalls(rows.confine, host, pen);
    return openTracked({ runs, disk, run: (...rest) => runners.runTerminal(cgroups, ...rest) }, pen, spec);
  }

  async function removePen(henId: HenId): Promise<void> {
    await runs.end(henId);
    await networks.remove(henId);
    await cgroups?.remove(workdirKey(henId));
    disk.forget(henId);
    await pens.remove(henId);
  }

  const endAll = () => runs.endAll().then(() => Promise.all([cgroups?.close(), networks.close(), gate.close()]));

  return {
    walls: rows,
    sharedLimits,
    uidRange: host.uids?.range,
    openPen: async (parts) => {
      if (parts.network !== undefined) networks.introduce(parts.henId, parts.network);
      return pens.open(parts);
    },
    confine,
    openTerminal,
    requireRoom: (pen, bytes) => disk.requireRoom(pen, bytes),
    removePen,
    setNetwork: (henId, network) => networks.setNetwork(henId, network),
    letGo: (henId) => networks.letGo(henId),
    door: gate.door,
    close: closeOnce(ground, log, endAll),
  };
}

function tellMissing({ confine, gate }: HostWalls, sharedLimits: WallRow, log: Log): void {
  if (!confine.holds) log.warn("this host can't confine processes", { reason: confine.reason });
  else if (!sharedLimits.holds) log.warn("a hen's limits are held by measuring", { reason: sharedLimits.reason });
  if (confine.holds && !gate.holds) log.warn("hens have no network: the gate does not hold", { reason: gate.reason });
}

/** @param endAll what takes time; the ground is given up whether or not it is done in time */
function closeOnce(ground: Ground, log: Log, endAll: () => Promise<unknown>): () => Promise<void> {
  async function shut(): Promise<void> {
    const inTime = await Promise.race([endAll().then(() => true), delay(CLOSE_MS_MAX, false)]);
    if (!inTime) log.error("confined processes did not end in time; they die with the daemon", {});
    ground.mounts?.close();
    ground.pipes.close();
    ground.scratch.close();
  }
  let closing: Promise<void> | undefined;
  return () => {
    closing ??= shut();
    return closing;
  };
}

function assertWalls(confine: WallRow, host: ReadyHost, pen: Pen): void {
  if (!confine.holds) throw wallsMissing(confine.reason);
  if (host.uids !== undefined && pen.uid === undefined) {
    throw wallsMissing("a root daemon needs a uid of its own for every hen");
  }
}
