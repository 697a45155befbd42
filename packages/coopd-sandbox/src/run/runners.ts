import type { Ground } from "../ground.ts";
import type { ReadyHost } from "../host/inspect-host.ts";
import type { LaunchWalls } from "../launch/launch-walls.ts";
import type { Cgroups } from "../limits/cgroups.ts";
import type { HeldNetwork, HenNetworks } from "../network/hen-networks.ts";
import type { Pen } from "../pen/pen.ts";
import { encodeBpf } from "../seccomp/assemble-bpf.ts";
import { makeSeccompFilter } from "../seccomp/seccomp-filter.ts";
import { runInTerminal, type TerminalStreams } from "../terminal/run-in-terminal.ts";
import type { TerminalExit, TerminalSpec } from "../terminal/terminal-spec.ts";
import { runConfined } from "./confine.ts";
import type { ConfinedExit, ConfineSpec } from "./confine-spec.ts";
import type { LaunchParts } from "./launch.ts";
import { createLaunchTurns } from "./launch-turns.ts";
import { createOutputPacer } from "./output-pacer.ts";

/** The ways in which something runs for a hen; whether it may is asked before. */
export interface Runners {
  /** @param cgroups undefined where this host has none for us */
  run(cgroups: Cgroups | undefined, pen: Pen, spec: ConfineSpec): Promise<ConfinedExit>;
  /** `opened` gets the daemon's side as soon as the program runs. */
  runTerminal(
    cgroups: Cgroups | undefined,
    pen: Pen,
    spec: TerminalSpec,
    opened: (streams: TerminalStreams) => void,
  ): Promise<TerminalExit>;
}

/** One way to run for the probe and for every hen: what is measured is what is used (weaknesses A13). */
export function createRunners(
  { scratch, pipes, mounts }: Ground,
  { programs, layout, arch }: ReadyHost,
  walls: LaunchWalls,
  networks: HenNetworks,
): Runners {
  const filter = encodeBpf(makeSeccompFilter(arch, { unixSockets: true }));
  const launch: Omit<LaunchParts, "cgroups" | "network"> = { programs, layout, walls, filter, scratch: scratch.path };
  const shared = { pipes, pacer: createOutputPacer(), launchTurn: createLaunchTurns() };
  async function whileHeld<T>(pen: Pen, work: (network: HeldNetwork | undefined) => Promise<T>): Promise<T> {
    const network = walls.privateNetwork ? await networks.hold(pen.henId) : undefined;
    try {
      const release = pen.uid === undefined ? undefined : await mounts?.hold(pen.workdir, pen.uid);
      try {
        return await work(network);
      } finally {
        release?.();
      }
    } finally {
      network?.release();
    }
  }
  return {
    run: (cgroups, pen, spec) =>
      whileHeld(pen, (network) => runConfined({ ...launch, ...shared, cgroups, network }, pen, spec)),
    runTerminal: (cgroups, pen, spec, opened) =>
      whileHeld(pen, (network) => runInTerminal({ ...launch, ...shared, cgroups, network }, pen, spec, opened)),
  };
}
