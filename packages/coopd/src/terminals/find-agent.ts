import { agentProgramOf, CoopError, type Hen, terminalPathOf } from "coopd-core";
import type { HenProcesses } from "./hen-processes.ts";

/** A shell looks a name up in microseconds; the launch before it takes some ms. */
const LOOK_MS_MAX = 10_000;

/**
 * Looks for a hen's agent where it will run: inside its sandbox, under its uid, with its PATH. A shell needs no looking for.
 * @throws CoopError `agent_missing` naming what brings it in
 */
export async function requireAgent(processes: HenProcesses, hen: Hen): Promise<void> {
  const { argv, isAgent } = agentProgramOf(hen.manifest);
  const [program = ""] = argv;
  if (!isAgent) return;
  const look = await processes.confine(hen, {
    argv: ["/bin/sh", "-c", 'command -v bash && command -v -- "$1"', "coop-look", program],
    env: { PATH: terminalPathOf(hen.manifest) },
    timeoutMs: LOOK_MS_MAX,
    signal: AbortSignal.timeout(LOOK_MS_MAX * 2),
    outputBytesMax: 4096,
  });
  if (look.exitCode === 0) return;
  throw new CoopError(
    "agent_missing",
    `${hen.id} runs \`${program}\`, and there is no such program inside its sandbox`,
    {
      next:
        `Install it under /usr, or where it lies show that folder to the hen in its manifest: sandbox: {read: [/opt/${program.replace(/.*\//, "")}]}. ` +
        "The folder itself, its bin and its node_modules/.bin are looked into.",
      details: { hen_id: hen.id, program },
    },
  );
}
