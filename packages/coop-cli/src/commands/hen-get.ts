import type { CommandContext } from "../command-context.ts";
import { renderHen } from "../views/hen-view.ts";

/** `coop hen get HEN`: the whole hen for programs, the facts that matter for people. @throws CoopError `hen_not_found` */
export async function run(context: CommandContext): Promise<undefined> {
  const [id = ""] = context.args;
  const client = await context.client();
  const hen = await client.hens.get(id);
  await context.output.value(hen, (paint) => renderHen(hen, paint));
}
