import { realpathSync } from "node:fs";
import { type EgressRecord, type Log, toCoopError, type WallRow } from "coopd-core";
import { createDial, type DialParts } from "./dial/dial.ts";
import { createGate } from "./gate/create-gate.ts";
import type { Gate } from "./gate/gate.ts";
import { openGround } from "./ground.ts";
import { inspectHost } from "./host/inspect-host.ts";
import { isOwnHen } from "./host/own-hens.ts";
import type { LaunchWalls } from "./launch/launch-walls.ts";
import { endLeftMakers } from "./network/left-makers.ts";
import { openPens } from "./pen/pens.ts";
import { openReadySandbox } from "./ready-sandbox.ts";
import type { Sandbox, SandboxOptions } from "./sandbox.ts";
import { wallsMissing } from "./walls-missing.ts";

const DISABLED = "COOP_SANDBOX=0 switches the sandbox off, and with it everything that needs a process";

/** For tests alone: what they take for a name's addresses and for a public address. No configuration reaches it. */
export type GateSeams = Pick<DialParts, "resolve" | "judge" | "isOwnAddress">;

/** `openSandbox` with a choice of walls; only tests choose other than all. */
export async function buildSandbox(
  options: SandboxOptions,
  walls: LaunchWalls,
  seams: GateSeams = {},
): Promise<Sandbox> {
  const dataDir = realpathSync(options.dataDir);
  const gate = openGate(options, seams);
  const inspected = inspectHost(options.uidBase);
  const host = walls.uidDrop ? inspected : { ...inspected, uids: undefined };
  const uidRange = host.uids?.range;
  if (options.disabled) return openClosedSandbox(dataDir, uidRange, gate, DISABLED);
  if ("reason" in host) return openClosedSandbox(dataDir, uidRange, gate, told(host.reason, options.log));
  try {
    const left = endLeftMakers();
    if (left > 0) options.log.info("ended what a killed daemon had left behind", { processes: left });
    const ground = await openGround(dataDir, host);
    return await openReadySandbox(ground, host, walls, gate, options.log);
  } catch (thrown) {
    const { message, cause } = toCoopError(thrown, "sandbox_failed");
    return openClosedSandbox(dataDir, uidRange, gate, told(`${message} ${String(cause ?? "")}`.trim(), options.log));
  }
}

/** The gate of one sandbox: the sandbox closes it. What the sandbox's own hens try is nobody's egress. */
function openGate({ onEgress, ownPorts = () => [], gateLimits = {} }: SandboxOptions, seams: GateSeams): Gate {
  const record = (one: EgressRecord) => {
    if (!isOwnHen(one.hen_id)) onEgress?.(one);
  };
  const dial = createDial({ ownPorts, ...seams });
  return createGate({ record, clock: { nowMs: () => Date.now() }, dial, limits: gateLimits });
}

function told(reason: string, log: Log): string {
  log.warn("this host can't confine processes", { reason });
  return reason;
}

/** Pens without processes: file tools still work (walls.md, Launch). */
function openClosedSandbox(dataDir: string, uidRange: Sandbox["uidRange"], gate: Gate, reason: string): Sandbox {
  const pens = openPens(dataDir, undefined);
  const row: WallRow = { holds: false, reason };
  return {
    walls: { confine: row, networkOff: row, gate: row },
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
    setNetwork: async (henId, network) => gate.setNetwork(henId, network),
    letGo: async () => undefined,
    door: gate.door,
    close: () => gate.close(),
  };
}
