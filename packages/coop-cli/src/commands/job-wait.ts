import type { CommandContext } from "../command-context.ts";
import { waitAndReport } from "../jobs/report-end.ts";

export async function run(context: CommandContext): Promise<number> {
  const [id = ""] = context.args;
  return await waitAndReport(context, id);
}
