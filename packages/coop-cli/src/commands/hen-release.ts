import type { CommandContext } from "../command-context.ts";
import { reportMove } from "./hen-moves.ts";

/** `coop hen release HEN`; with `--force` what runs under the lease is cancelled first. @throws CoopError `hen_not_found`, `illegal_move`, `hen_busy` */
export async function run(context: CommandContext): Promise<undefined> {
  const [id = ""] = context.args;
  const client = await context.client();
  await client.hens.release(id, { force: context.options.flag("force") });
  await reportMove(context, `${id} is its owner's again`);
}
