import { setTimeout as delay } from "node:timers/promises";
import { type HenId, type Log, type WallRow, workdirKey } from "coopd-core";
import type { Ground } from "./ground.ts";
import type { ReadyHost } from "./host/inspect-host.ts";
import { PROBE_HEN, probeLaunch } from "./host/probe-launch.ts";
import type { LaunchWalls } from "./launch/launch-walls.ts";
import type { Cgroups } from "./limits/cgroups.ts";
import { createDiskWatch } from "./limits/disk-watch.ts";
import type { Pen } from "./pen/pen.ts";
import { openPens } from "./pen/pens.ts";
import { runConfined } from "./run/confine.ts";
import type { ConfineSpec } from "./run/confine-spec.ts";
import type { LaunchParts } from "./run/launch.ts";
import { createLaunchTurns } from "./run/launch-turns.ts";
import { createOutputPacer } from "./run/output-pacer.ts";
import { createRunRegister } from "./run/run-register.ts";
import type { Sandbox } from "./sandbox.ts";
import { encodeBpf } from "./seccomp/assemble-bpf.ts";
import { makeSeccompFilter } from "./seccomp/seccomp-filter.ts";
import { openTracked } from "./terminal/open-tracked.ts";
import { runInTerminal, type TerminalStreams } from "./terminal/run-in-terminal.ts";
import type { TerminalSpec } from "./terminal/terminal-spec.ts";
import { NO_GATE, wallsMissing } from "./walls-missing.ts";

/** A kill takes milliseconds; the daemon has 4 s to stop, and something that hangs in the kernel must not use them up. */
const CLOSE_MS_MAX = 1800;

/** The sandbox of a host that has every part; whether they work together is measured first. */
export async function openReadySandbox(
  ground: Ground,
  host: ReadyHost,
  walls: LaunchWalls,
  log: Log,
): Promise<Sandbox> {
  const pens = openPens(ground.dataDir, ground.mounts);
  await pens.sweep();
  const runs = createRunRegister();
  const disk = createDiskWatch(host.programs);
  const { runWith, runTerminalWith } = createRunners(ground, host, walls);
  const { rows, cgroups, sharedLimits } = await measure(ground, host, runWith);
  if (!rows.confine.holds) log.warn("this host can't confine processes", { reason: rows.confine.reason });
  else if (!sharedLimits.holds) log.warn("a hen's limits are held by measuring", { reason: sharedLimits.reason });

  async function confine(pen: Pen, spec: ConfineSpec) {
    assertWalls(rows.confine, host, pen);
    return runs.track(pen.henId, spec.signal, (outer) =>
      disk.guard(pen, outer, (signal) => runWith(cgroups, pen, { ...spec, signal })),
    );
  }

  async function openTerminal(pen: Pen, spec: TerminalSpec) {
    assertWalls(rows.confine, host, pen);
    return openTracked({ runs, disk, run: (...rest) => runTerminalWith(cgroups, ...rest) }, pen, spec);
  }

  async function removePen(henId: HenId): Promise<void> {
    await runs.end(henId);
    await cgroups?.remove(workdirKey(henId));
    disk.forget(henId);
    await pens.remove(henId);
  }

  let closing: Promise<void> | undefined;
  async function shut(): Promise<void> {
    const ended = runs.endAll().then(() => cgroups?.close());
    const inTime = await Promise.race([ended.then(() => true), delay(CLOSE_MS_MAX, false)]);
    if (!inTime) log.error("confined processes did not end in time; they die with the daemon", {});
    ground.mounts?.close();
    ground.pipes.close();
    ground.scratch.close();
  }

  return {
    walls: { ...rows, gate: NO_GATE },
    sharedLimits,
    uidRange: host.uids?.range,
    openPen: async (parts) => pens.open(parts),
    confine,
    openTerminal,
    requireRoom: (pen, bytes) => disk.requireRoom(pen, bytes),
    removePen,
    close: () => {
      closing ??= shut();
      return closing;
    },
  };
}

function assertWalls(confine: WallRow, host: ReadyHost, pen: Pen): void {
  if (!confine.holds) throw wallsMissing(confine.reason);
  if (host.uids !== undefined && pen.uid === undefined) {
    throw wallsMissing("a root daemon needs a uid of its own for every hen");
  }
}

type Runner = (cgroups: Cgroups | undefined, pen: Pen, spec: ConfineSpec) => ReturnType<typeof runConfined>;

/** One way to run for the probe and for every hen: what is measured is what is used (weaknesses A13). */
function createRunners({ scratch, pipes, mounts }: Ground, { programs, layout, arch }: ReadyHost, walls: LaunchWalls) {
  const filter = encodeBpf(makeSeccompFilter(arch, { unixSockets: true }));
  const launch: Omit<LaunchParts, "cgroups"> = { programs, layout, walls, filter, scratch: scratch.path };
  const shared = { pipes, pacer: createOutputPacer(), launchTurn: createLaunchTurns() };
  async function whileMounted<T>(pen: Pen, work: () => Promise<T>): Promise<T> {
    const release = pen.uid === undefined ? undefined : await mounts?.hold(pen.workdir, pen.uid);
    try {
      return await work();
    } finally {
      release?.();
    }
  }
  const runWith: Runner = (cgroups, pen, spec) =>
    whileMounted(pen, () => runConfined({ ...launch, ...shared, cgroups }, pen, spec));
  const runTerminalWith = (
    cgroups: Cgroups | undefined,
    pen: Pen,
    spec: TerminalSpec,
    opened: (streams: TerminalStreams) => void,
  ) => whileMounted(pen, () => runInTerminal({ ...launch, ...shared, cgroups }, pen, spec, opened));
  return { runWith, runTerminalWith };
}

interface Measured {
  readonly rows: Awaited<ReturnType<typeof probeLaunch>>;
  readonly cgroups: Cgroups | undefined;
  readonly sharedLimits: WallRow;
}

/** Cgroups that can be made but not joined, as in some containers, are told as missing instead of used. */
async function measure(ground: Ground, host: ReadyHost, runWith: Runner): Promise<Measured> {
  const parts = { folder: `${ground.dataDir}/sandbox`, uid: host.uids?.probeUid, mounts: ground.mounts };
  const probe = (cgroups: Cgroups | undefined) =>
    probeLaunch({ ...parts, run: (pen, spec) => runWith(cgroups, pen, spec) });
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
