import type { CommandContext } from "../command-context.ts";
import { reportMove } from "./hen-moves.ts";

/** `coop task cancel TASK`, while no hen has it. @throws CoopError `task_not_found`, `illegal_move` */
export async function run(context: CommandContext): Promise<undefined> {
  const [id = ""] = context.args;
  const client = await context.client();
  await client.tasks.cancel(id);
  await reportMove(context, `task ${id} is cancelled`);
}
