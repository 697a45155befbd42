import { setTimeout as delay } from "node:timers/promises";
import { judgeAgentEnd, NO_DEATHS, RELAUNCHES_MAX } from "coopd-core";
import type { ConfinedTerminal, TerminalSize } from "coopd-sandbox";
import type { TerminalParts } from "./terminal-parts.ts";

/** What a terminal does with the programs that run in it, one after the other. */
export interface ProgramHost extends Pick<TerminalParts, "launch" | "program"> {
  readonly signal: AbortSignal;
  size(): TerminalSize;
  /** It runs; undefined when it has ended. */
  running(program: ConfinedTerminal | undefined): void;
  /** Reads it to its end. */
  pump(program: ConfinedTerminal): Promise<void>;
  /** A line of Coop's own, for everybody to see. */
  say(line: string): Promise<void>;
}

/**
 * Runs the program until it ends; an agent that dies is started again, some times and with growing pauses. Answers the exit code.
 * @throws CoopError when it cannot be started or was ended from outside
 */
export async function liveOut(host: ProgramHost): Promise<number> {
  let deaths = NO_DEATHS;
  for (;;) {
    const startMs = performance.now();
    const exitCode = await runOnce(host);
    if (!host.program.isAgent) return exitCode;
    const verdict = judgeAgentEnd({ exitCode, livedMs: performance.now() - startMs }, deaths);
    const name = host.program.argv[0];
    if (!verdict.again) {
      if (verdict.reason === "dies_too_often") {
        await host.say(`${name} ended with ${exitCode} again; it is not started any more`);
      }
      return exitCode;
    }
    deaths = verdict.deaths;
    await host.say(`${name} ended with ${exitCode}; starting it again (${deaths.count} of ${RELAUNCHES_MAX})`);
    await delay(verdict.waitMs, undefined, { signal: host.signal });
  }
}

async function runOnce(host: ProgramHost): Promise<number> {
  const program = await host.launch(host.size(), host.signal);
  host.running(program);
  try {
    const [{ exitCode }] = await Promise.all([program.ended, host.pump(program)]);
    return exitCode;
  } finally {
    host.running(undefined);
  }
}

/**
 * Runs an agent as the foreground job of a shell that never reads: then Ctrl-C reaches the agent and not what holds the
 * sandbox together, and an agent that Ctrl-Z stopped goes on, since there is no prompt to say `fg` at.
 */
const AS_JOB = `set -m
"$@"
code=$?
while [ "$code" -ge 147 ] && [ "$code" -le 150 ] && [ -n "$(jobs -s)" ]; do
  printf '\\r\\n[coop] going on: there is no shell behind this agent\\r\\n'
  fg >/dev/null
  code=$?
done
exit "$code"`;

/** The command line that is confined for a program. */
export function toArgv({ argv, isAgent }: TerminalParts["program"]): readonly string[] {
  return isAgent ? ["bash", "-c", AS_JOB, "coop-agent", ...argv] : argv;
}
