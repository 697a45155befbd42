import { createHash } from "node:crypto";
import { mkdirSync, realpathSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { CoopError, type HenId, type WallRow, workdirKey } from "coopd-core";
import { inspectHost, type ReadyHost } from "./host/inspect-host.ts";
import { probeLaunch } from "./host/probe-launch.ts";
import type { LaunchWalls } from "./launch/launch-walls.ts";
import { openCgroups } from "./limits/cgroups.ts";
import { createDiskWatch } from "./limits/disk-watch.ts";
import { openBindMounts } from "./pen/bind-mounts.ts";
import type { Pen } from "./pen/pen.ts";
import { openPens } from "./pen/pens.ts";
import { runConfined } from "./run/confine.ts";
import type { ConfineSpec } from "./run/confine-spec.ts";
import { openOutputPipes } from "./run/output-pipes.ts";
import { createRunRegister } from "./run/run-register.ts";
import type { Sandbox, SandboxOptions } from "./sandbox.ts";
import { encodeBpf } from "./seccomp/assemble-bpf.ts";
import { makeSeccompFilter } from "./seccomp/seccomp-filter.ts";

const NO_GATE: WallRow = { holds: false, reason: "the egress gate is not part of this version" };
const DISABLED = "COOP_SANDBOX=0 switches the sandbox off, and with it everything that needs a process";

/** A kill takes milliseconds; the daemon has 4 s to stop, and something that hangs in the kernel must not use them up. */
const CLOSE_MS_MAX = 1800;

/** `openSandbox` with a choice of walls; only tests choose other than all. */
export async function buildSandbox(options: SandboxOptions, walls: LaunchWalls): Promise<Sandbox> {
  const dataDir = realpathSync(options.dataDir);
  const inspected = inspectHost(options.uidBase);
  const host = walls.uidDrop ? inspected : { ...inspected, uids: undefined };
  const refusal = options.disabled ? DISABLED : "reason" in host ? host.reason : undefined;
  const uidRange = host.uids?.range;
  if (refusal !== undefined || "reason" in host) return openClosedSandbox(dataDir, uidRange, refusal ?? DISABLED);
  return openReadySandbox(dataDir, host, walls, options);
}

/** Pens without processes: file tools still work (walls.md, Launch). */
function openClosedSandbox(dataDir: string, uidRange: Sandbox["uidRange"], reason: string): Sandbox {
  const pens = openPens(dataDir, undefined);
  const row: WallRow = { holds: false, reason };
  return {
    walls: { confine: row, networkOff: row, gate: NO_GATE },
    sharedLimits: row,
    uidRange,
    openPen: async (parts) => pens.open(parts),
    confine: async () => {
      throw wallsMissing(reason);
    },
    // Without a process nothing grows but by file_write, whose own calls are limited by the job's turns.
    requireRoom: async () => undefined,
    removePen: (henId) => pens.remove(henId),
    close: async () => undefined,
  };
}

async function openReadySandbox(
  dataDir: string,
  host: ReadyHost,
  walls: LaunchWalls,
  { log }: SandboxOptions,
): Promise<Sandbox> {
  const scratch = `${dataDir}/sandbox`;
  mkdirSync(scratch, { recursive: true, mode: 0o700 });
  const farm = farmName(dataDir);
  const mounts = host.uids === undefined ? undefined : openBindMounts(farm, host.programs);
  const found = await openCgroups(farm);
  const cgroups = "missing" in found ? undefined : found;
  if ("missing" in found)
    log.warn("limits hold for each process of a hen, not for all of them", { reason: found.missing });
  const pipes = openOutputPipes(`${scratch}/pipes`, host.programs.mkfifo);
  const pens = openPens(dataDir, mounts);
  await pens.sweep();
  const runs = createRunRegister();
  const disk = createDiskWatch(host.programs);
  const filter = encodeBpf(makeSeccompFilter(host.arch, { unixSockets: true }));
  const parts = { programs: host.programs, layout: host.layout, walls, filter, cgroups, scratch, pipes };
  const run = (pen: Pen, spec: ConfineSpec) =>
    runs.track(pen.henId, spec.signal, (outer) =>
      disk.guard(pen, outer, (signal) => runConfined(parts, pen, { ...spec, signal })),
    );
  const rows = await probeLaunch({ run, scratch, uid: host.uids?.probeUid, mounts });
  if (!rows.confine.holds) log.warn("this host can't confine processes", { reason: rows.confine.reason });

  async function confine(pen: Pen, spec: ConfineSpec) {
    if (!rows.confine.holds) throw wallsMissing(rows.confine.reason);
    if (host.uids !== undefined && pen.uid === undefined) {
      throw wallsMissing("a root daemon needs a uid of its own for every hen");
    }
    return run(pen, spec);
  }

  async function removePen(henId: HenId): Promise<void> {
    await runs.end(henId);
    await cgroups?.remove(workdirKey(henId));
    disk.forget(henId);
    await pens.remove(henId);
  }

  let closing: Promise<void> | undefined;
  async function shut(): Promise<void> {
    const inTime = await Promise.race([runs.endAll().then(() => true), delay(CLOSE_MS_MAX, false)]);
    if (!inTime) log.error("confined processes did not end in time; they die with the daemon", {});
    mounts?.close();
    await cgroups?.close();
    pipes.close();
  }

  return {
    walls: { ...rows, gate: NO_GATE },
    sharedLimits: "missing" in found ? { holds: false, reason: found.missing } : { holds: true },
    uidRange: host.uids?.range,
    openPen: async (partsOfPen) => pens.open(partsOfPen),
    confine,
    requireRoom: (pen, bytes) => disk.requireRoom(pen, bytes),
    removePen,
    close: () => {
      closing ??= shut();
      return closing;
    },
  };
}

/** Names what is the farm's own on the host, so that two daemons never take each other's mounts and cgroups for their own. */
function farmName(dataDir: string): string {
  return createHash("sha256").update(dataDir).digest("hex").slice(0, 12);
}

function wallsMissing(reason: string): CoopError {
  return new CoopError("walls_missing", `nothing can be run for a hen here: ${reason}`, {
    next: "See what this host can confine: coop doctor",
  });
}
