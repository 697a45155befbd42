import type { CommandContext } from "../command-context.ts";
import { readInputFile } from "../files/read-input-file.ts";
import { waitAndReport } from "../jobs/report-end.ts";
import { toPlainLine } from "../output/plain-text.ts";

/** `coop job run HEN PROMPT`: the job is durable when its id is printed; with `--wait` the exit code is its outcome. @throws CoopError `hen_not_found` and what `admit` refuses */
export async function run(context: CommandContext): Promise<number | undefined> {
  const { args, options, output } = context;
  const [henId = "", prompt = ""] = args;
  const text = prompt === "-" ? new TextDecoder().decode(await readInputFile("-")) : prompt;
  const client = await context.client();
  const jobId = await client.jobs.submit(henId, text, {
    idempotencyKey: options.text("idempotency-key"),
    leaseId: options.text("lease"),
  });
  if (options.flag("wait")) return await waitAndReport(context, jobId);
  if (output.isQuiet) return await output.text(`${toPlainLine(jobId)}\n`).then(() => undefined);
  await output.value({ job_id: jobId }, (paint) => `job ${paint.bold(toPlainLine(jobId))} is queued\n`);
  await output.note(`next: coop job wait ${jobId}`);
  return undefined;
}
