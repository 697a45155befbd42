import { CoopError, exitCodeOf, type Job } from "coopd-core";
import type { CommandContext } from "../command-context.ts";
import { paintState } from "../output/paint.ts";
import { toPlainLine } from "../output/plain-text.ts";
import { toEffortText } from "../views/job-view.ts";

/**
 * `coop job cancel JOB…`: one after the other, and one that cannot be cancelled does not keep the next from being so. The
 * exit code is that of the first that was not.
 */
export async function run(context: CommandContext): Promise<number> {
  const { args, output } = context;
  const client = await context.client();
  const ended: Job[] = [];
  const refusals: CoopError[] = [];
  for (const id of new Set(args)) {
    try {
      ended.push(await client.jobs.cancel(id));
    } catch (error) {
      if (!(error instanceof CoopError)) throw error;
      refusals.push(error);
      if (!ABOUT_ONE_JOB.includes(error.code)) break;
    }
  }
  const tooLate = ended.filter(({ status }) => status !== "CANCELLED");
  await print(context, ended);
  refusals.push(...tooLate.map(endedBefore));
  for (const { message, next } of refusals) await output.error(message, next);
  const [first] = refusals;
  return first === undefined ? 0 : exitCodeOf(first.code);
}

/** After any other refusal the next job would meet the same. */
const ABOUT_ONE_JOB: readonly string[] = ["job_not_found", "job_ended", "bad_id"];

async function print({ output }: CommandContext, jobs: readonly Job[]): Promise<void> {
  const cancelled = jobs.filter(({ status }) => status === "CANCELLED");
  if (output.isQuiet) return await output.text(cancelled.map(({ id }) => `${toPlainLine(id)}\n`).join(""));
  await output.value(jobs, (paint) =>
    cancelled
      .map((job) => `job ${toPlainLine(job.id)} ${paintState(paint, job.status)}${toEffortText(job)}\n`)
      .join(""),
  );
}

/** The same that the daemon says of a job that had ended when it was asked. */
function endedBefore({ id, status }: Job): CoopError {
  return new CoopError("job_ended", `job ${id} ended ${status} before it could be cancelled`, {
    next: `See it: coop job get ${id}`,
  });
}
