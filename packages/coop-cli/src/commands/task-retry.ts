import type { CommandContext } from "../command-context.ts";
import { reportMove } from "./hen-moves.ts";

/** `coop task retry TASK`, once nobody works on it any more. @throws CoopError `task_not_found`, `hen_busy`, `illegal_move` */
export async function run(context: CommandContext): Promise<undefined> {
  const [id = ""] = context.args;
  const client = await context.client();
  await client.tasks.retry(id);
  await reportMove(context, `task ${id} waits for a hen again`);
}
