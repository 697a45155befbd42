import { CoopError } from "coopd-core";
import { createOutputCapture } from "../output/capture.ts";
import type { Pen } from "../pen/pen.ts";
import type { ConfinedExit, ConfineSpec } from "../run/confine-spec.ts";
import type { Sandbox } from "../sandbox.ts";

/**
 * The same walls, with every command run in a terminal: what `runAttacks` then tries, it tries from inside one. `toArgv`
 * says how the command line is started, as an agent's is started by a shell that never reads.
 */
export function inTerminals(
  sandbox: Sandbox,
  toArgv: (argv: readonly string[]) => readonly string[] = (argv) => argv,
): Sandbox {
  return { ...sandbox, confine: (pen, spec) => confineInTerminal(sandbox, pen, { ...spec, argv: toArgv(spec.argv) }) };
}

const SIZE = { cols: 200, rows: 50 };

async function confineInTerminal(sandbox: Sandbox, pen: Pen, spec: ConfineSpec): Promise<ConfinedExit> {
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(), spec.timeoutMs);
  const signal = AbortSignal.any([deadline.signal, spec.signal]);
  const [stdout, stderr] = [createOutputCapture(spec.outputBytesMax), createOutputCapture(0)];
  try {
    const terminal = await sandbox.openTerminal(pen, { argv: spec.argv, env: spec.env ?? {}, size: SIZE, signal });
    const reading = (async () => {
      for (let piece = await terminal.read(); piece !== undefined; piece = await terminal.read()) stdout.add(piece);
    })();
    const ended = await terminal.ended.catch((error: unknown) => {
      if (error instanceof CoopError && error.code === "cancelled" && deadline.signal.aborted) return undefined;
      throw error;
    });
    await reading;
    const output = { stdout: stdout.finish(), stderr: stderr.finish() };
    if (ended === undefined) return { exitCode: -1, signal: "SIGKILL", timedOut: true, ...output };
    return { exitCode: ended.exitCode, signal: null, timedOut: false, ...output };
  } finally {
    clearTimeout(timer);
  }
}
