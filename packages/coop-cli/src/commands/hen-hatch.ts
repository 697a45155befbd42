import type { CommandContext } from "../command-context.ts";
import { reportMove } from "./hen-moves.ts";

/** `coop hen hatch HEN`. @throws CoopError `hen_not_found`, `illegal_move`, `walls_missing` */
export async function run(context: CommandContext): Promise<undefined> {
  const [id = ""] = context.args;
  const client = await context.client();
  await client.hens.hatch(id);
  await reportMove(context, `${id} hatched`, `coop job run ${id} "…" --wait`);
}
