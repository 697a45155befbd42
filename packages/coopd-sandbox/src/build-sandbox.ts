import { realpathSync } from "node:fs";
import { type Log, toCoopError, type WallRow } from "coopd-core";
import { openGround } from "./ground.ts";
import { inspectHost } from "./host/inspect-host.ts";
import type { LaunchWalls } from "./launch/launch-walls.ts";
import { openPens } from "./pen/pens.ts";
import { openReadySandbox } from "./ready-sandbox.ts";
import type { Sandbox, SandboxOptions } from "./sandbox.ts";
import { NO_GATE, wallsMissing } from "./walls-missing.ts";

const DISABLED = "COOP_SANDBOX=0 switches the sandbox off, and with it everything that needs a process";

/** `openSandbox` with a choice of walls; only tests choose other than all. */
export async function buildSandbox(options: SandboxOptions, walls: LaunchWalls): Promise<Sandbox> {
  const dataDir = realpathSync(options.dataDir);
  const inspected = inspectHost(options.uidBase);
  const host = walls.uidDrop ? inspected : { ...inspected, uids: undefined };
  const uidRange = host.uids?.range;
  if (options.disabled) return openClosedSandbox(dataDir, uidRange, DISABLED);
  if ("reason" in host) return openClosedSandbox(dataDir, uidRange, told(host.reason, options.log));
  try {
    const ground = await openGround(dataDir, host);
    return await openReadySandbox(ground, host, walls, options.log);
  } catch (thrown) {
    const { message, cause } = toCoopError(thrown, "sandbox_failed");
    return openClosedSandbox(dataDir, uidRange, told(`${message} ${String(cause ?? "")}`.trim(), options.log));
  }
}

function told(reason: string, log: Log): string {
  log.warn("this host can't confine processes", { reason });
  return reason;
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
    openTerminal: async () => {
      throw wallsMissing(reason);
    },
    // Without a process nothing grows but by file_write, whose own calls are limited by the job's turns.
    requireRoom: async () => undefined,
    removePen: (henId) => pens.remove(henId),
    setNetwork: async () => undefined,
    letGo: async () => undefined,
    close: async () => undefined,
  };
}
