import type { Job } from "coopd-core";
import type { CommandContext } from "../command-context.ts";
import { EXIT_CODES } from "../failures/exit-codes.ts";
import { toPlainText } from "../output/plain-text.ts";
import { openProgressLine } from "../output/progress-line.ts";
import { toEffortText } from "../views/job-view.ts";
import { toReasonText } from "../views/progress-text.ts";
import { obeyInterrupt } from "./obey-interrupt.ts";
import { showProgress } from "./show-progress.ts";
import { type WaitResult, waitForJob } from "./wait-for-job.ts";

/** The original's defaults (contract/cli.md, job wait). */
const INTERVAL_SECS = 2;
const TIMEOUT_SECS = 600;

/**
 * Waits for a job with a progress line beside it and prints how it ended; Ctrl-C asks whether to cancel it.
 * @returns the exit code, by that end
 */
export async function waitAndReport(context: CommandContext, jobId: string): Promise<number> {
  const { options, output } = context;
  const intervalMs = Math.max(0.05, options.seconds("interval-s") ?? INTERVAL_SECS) * 1_000;
  const timeoutMs = (options.seconds("timeout-s") ?? TIMEOUT_SECS) * 1_000;
  const client = await context.client();
  const line = openProgressLine(output);
  const over = new AbortController();
  const left = new AbortController();
  const leave = () => left.abort();
  const waiting = waitForJob({
    client,
    jobId,
    interrupted: left.signal,
    intervalMs,
    timeoutMs,
    ...showProgress(line, async () => (await client.farm()).stopped === true),
  }).finally(() => over.abort());
  const obeying = obeyInterrupt({ context, client, jobId, line, over: over.signal, leave });
  let result: WaitResult;
  try {
    [result] = await Promise.all([waiting, obeying]);
  } finally {
    await line.close();
  }
  return await report(context, result, timeoutMs);
}

async function report(context: CommandContext, { kind, job }: WaitResult, timeoutMs: number): Promise<number> {
  const { output } = context;
  const again = `It goes on. Wait again: coop job wait ${job.id}`;
  if (kind === "interrupted") {
    await output.tell(`job ${job.id} is still ${job.status}. ${again}`);
    return context.interruptCode();
  }
  if (kind === "timed_out") {
    await output.error(`job ${job.id} is still ${job.status} after ${timeoutMs / 1_000} s`, again);
    return EXIT_CODES.waitTimedOut;
  }
  if (output.isQuiet || output.format === "table") await printResult(context, job);
  else await output.value(job, () => "");
  const logs = `coop job logs ${job.id}`;
  if (job.status === "DONE") {
    await output.note(`DONE${toEffortText(job)} · ${logs}`);
    return 0;
  }
  await output.error(`job ${job.id} ${job.status}${toReasonText(job.status, job.error)}`, `See what it did: ${logs}`);
  return job.status === "FAILED" ? EXIT_CODES.jobFailed : EXIT_CODES.jobCancelled;
}

/** What the job was for, and nothing else: on a terminal stripped, into a file as it is. */
async function printResult({ output }: CommandContext, { result }: Job): Promise<void> {
  if (result === null || result === "") return;
  const text = output.stdout.isTerminal ? toPlainText(result) : result;
  await output.text(text.endsWith("\n") ? text : `${text}\n`);
}
