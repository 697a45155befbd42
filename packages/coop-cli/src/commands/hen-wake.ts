import type { CommandContext } from "../command-context.ts";
import { reportMove } from "./hen-moves.ts";

/** `coop hen wake HEN`. @throws CoopError `hen_not_found`, `illegal_move` */
export async function run(context: CommandContext): Promise<undefined> {
  const [id = ""] = context.args;
  const client = await context.client();
  await client.hens.wake(id);
  await reportMove(context, `${id} is awake`);
}
