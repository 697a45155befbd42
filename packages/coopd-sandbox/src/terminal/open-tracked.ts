import type { DiskWatch } from "../limits/disk-watch.ts";
import type { Pen } from "../pen/pen.ts";
import type { RunRegister } from "../run/run-register.ts";
import type { TerminalStreams } from "./run-in-terminal.ts";
import type { ConfinedTerminal, TerminalExit, TerminalSpec } from "./terminal-spec.ts";

/** Opens a terminal that the register and the disk watch can end, as they can every run. */
export async function openTracked(
  parts: {
    readonly runs: RunRegister;
    readonly disk: DiskWatch;
    readonly run: (pen: Pen, spec: TerminalSpec, opened: (streams: TerminalStreams) => void) => Promise<TerminalExit>;
  },
  pen: Pen,
  spec: TerminalSpec,
): Promise<ConfinedTerminal> {
  const { runs, disk, run } = parts;
  const { promise: opened, resolve, reject } = Promise.withResolvers<TerminalStreams>();
  const ended = runs.track(pen.henId, spec.signal, (outer) =>
    disk.guard(pen, outer, (signal) => run(pen, { ...spec, signal }, resolve)),
  );
  ended.catch(reject); // a failure before it is open is told here, a later one by `ended`
  return { ...(await opened), ended };
}
