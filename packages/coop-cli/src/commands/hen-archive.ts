import type { CommandContext } from "../command-context.ts";
import { reportMove } from "./hen-moves.ts";

/** `coop hen archive HEN`; with `--force` its jobs are cancelled first. @throws CoopError `hen_not_found`, `illegal_move`, `hen_busy` */
export async function run(context: CommandContext): Promise<undefined> {
  const [id = ""] = context.args;
  const client = await context.client();
  await client.hens.archive(id, { force: context.options.flag("force") });
  await reportMove(context, `${id} is archived: it can be read, and does nothing more`);
}
