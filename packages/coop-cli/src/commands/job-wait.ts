import type { CommandContext } from "../command-context.ts";
import { waitAndReport } from "../jobs/report-end.ts";

/** `coop job wait JOB`: the exit code says how it ended. @throws CoopError `job_not_found`, at once */
export async function run(context: CommandContext): Promise<number> {
  const [id = ""] = context.args;
  return await waitAndReport(context, id);
}
