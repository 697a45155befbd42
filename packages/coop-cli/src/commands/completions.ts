import { CoopError } from "coopd-core";
import type { CommandContext } from "../command-context.ts";
import { SHELL_SCRIPTS, SHELLS } from "../completions/shell-scripts.ts";

/** `coop completions SHELL`: the script, as it is, whatever the format. */
export async function run({ args: [wanted], output }: CommandContext): Promise<undefined> {
  const shell = SHELLS.find((name) => name === wanted);
  if (shell === undefined) {
    throw new CoopError("bad_request", `coop does not complete in "${wanted}"`, {
      next: `There are: ${SHELLS.join(", ")}`,
    });
  }
  await output.text(SHELL_SCRIPTS[shell]);
}
