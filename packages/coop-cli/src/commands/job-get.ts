import type { CommandContext } from "../command-context.ts";
import { renderJob } from "../views/job-view.ts";

/** `coop job get JOB`. @throws CoopError `job_not_found` */
export async function run(context: CommandContext): Promise<undefined> {
  const [id = ""] = context.args;
  const client = await context.client();
  const job = await client.jobs.get(id);
  await context.output.value(job, (paint) => renderJob(job, paint));
}
