import type { CommandContext } from "../command-context.ts";
import { reportMove } from "./hen-moves.ts";

/** `coop task done TASK`, from any status. @throws CoopError `task_not_found` */
export async function run(context: CommandContext): Promise<undefined> {
  const [id = ""] = context.args;
  const client = await context.client();
  await client.tasks.finish(id);
  await reportMove(context, `task ${id} is done`);
}
