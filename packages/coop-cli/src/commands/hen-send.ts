import { CoopError } from "coopd-core";
import type { CommandContext } from "../command-context.ts";
import { readInputFile } from "../files/read-input-file.ts";
import { reportMove } from "./hen-moves.ts";

/** `coop hen send HEN [TEXT]`: types into its terminal. @throws CoopError `bad_request`, `policy_denied`, `walls_missing` */
export async function run(context: CommandContext): Promise<undefined> {
  const { args, options } = context;
  const [henId = "", given] = args;
  const keys = given === "-" ? new TextDecoder().decode(await readInputFile("-")) : given;
  const namedKeys =
    options
      .text("keys")
      ?.split(/\s+/)
      .filter((name) => name !== "") ?? [];
  if (keys === undefined && namedKeys.length === 0) {
    throw new CoopError("bad_request", "there is nothing to type: give a text, or keys by name", {
      next: `As in: coop hen send ${henId} "ls -l"; coop hen send ${henId} --keys "C-c"`,
    });
  }
  const client = await context.client();
  await client.terminals.send(henId, { keys, namedKeys, isNotEntered: options.flag("no-enter") });
  await reportMove(context, `typed into the terminal of ${henId}`, `coop shell ${henId}`);
}
