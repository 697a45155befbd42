import type { CommandContext } from "../command-context.ts";
import { toPlainLine } from "../output/plain-text.ts";

/** `coop job retry JOB`: what it was asked for, as a new job; prints the new id. */
export async function run({ args, options, output, ...context }: CommandContext): Promise<undefined> {
  const [id = ""] = args;
  const client = await context.client();
  const again = await client.jobs.retry(id, { idempotencyKey: options.text("idempotency-key") });
  if (output.isQuiet) return await output.text(`${toPlainLine(again)}\n`).then(() => undefined);
  await output.value({ job_id: again }, (paint) => `queued again as ${paint.bold(toPlainLine(again))}\n`);
  await output.note(`next: coop job wait ${again}`);
}
