import type { CoopClient } from "coop-client";
import { CoopError } from "coopd-core";
import type { CommandContext } from "../command-context.ts";
import { EXIT_CODES } from "../failures/exit-codes.ts";
import type { ProgressLine } from "../output/progress-line.ts";
import { askYesNo } from "../output/question.ts";

export interface ObeyParts {
  readonly context: CommandContext;
  readonly client: CoopClient;
  readonly jobId: string;
  /** Wiped before the question. */
  readonly line: ProgressLine;
  /** Aborted when the waiting is over by itself: the question, if any, is then withdrawn. */
  readonly over: AbortSignal;
  /** Ends the waiting and leaves the job running. */
  readonly leave: () => void;
}

const QUESTION = "cancel the job? [y/N, Ctrl-C again leaves it running]";

/**
 * What Ctrl-C means while a job is waited for: at a terminal a person is asked, anywhere else the job is left running, as
 * SIGTERM does everywhere. Meanwhile the waiting goes on, and a cancelled job is reported by it like any that ended.
 * @throws CoopError when the daemon does not cancel it; the job then goes on
 */
export async function obeyInterrupt({ context, client, jobId, line, over, leave }: ObeyParts): Promise<void> {
  const { output } = context;
  await aborted(AbortSignal.any([context.interrupted(), over]));
  if (over.aborted) return;
  const isAsked = context.interruptCode() === EXIT_CODES.interrupted && output.stderr.isTerminal;
  if (!isAsked) return leave();
  const after = line.isShown ? line.close() : output.freshLine();
  if (!(await askYesNo(output, { text: QUESTION, after, settled: over }))) return leave();
  await output.note(`cancelling job ${jobId}`);
  try {
    await client.jobs.cancel(jobId);
  } catch (error) {
    if (error instanceof CoopError && error.code === "job_ended") return; // the waiting says how
    leave();
    throw error;
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
