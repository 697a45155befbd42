import {
  admit,
  type Claim,
  inputOf,
  lastTextOf,
  nextStep,
  type Outcome,
  type Progress,
  toCoopError,
  wantOf,
} from "coopd-core";
import { createAsker } from "./ask-brain.ts";
import { type JobLedger, openLedger } from "./job-ledger.ts";
import { openJob } from "./open-job.ts";
import type { RunnerParts, RunSignals } from "./run-parts.ts";

/**
 * Carries one claimed job to its end: reads the journal, does the next step, writes it down, again. Facts wait in the
 * ledger until something depends on them; then they become durable in one append, and only then it starts. A crash
 * between two appends therefore costs at most the step under way (architecture §4).
 *
 * Resolves when the job is settled, when the daemon winds down and the job is left to go on after the restart, or when its
 * hen lacks something and the job waits in its queue again.
 * @throws CoopError `stale_epoch` when another claim holds the job
 */
export async function runJob(claim: Claim, parts: RunnerParts, signals: RunSignals): Promise<void> {
  const { job } = claim;
  const ledger = openLedger(claim, parts, signals);
  const mark = parts.wants.mark();
  const asker = createAsker(claim, parts, ledger, (progress) => report(claim, progress, parts));

  for (;;) {
    const progress = nextStep(ledger.journal, job.limits);
    const { step } = progress;
    if (step.kind === "settle") return ledger.settle(step.outcome, progress);
    const stopped = outcomeOfStop(signals.kill);
    if (stopped !== undefined) return ledger.settle(stopped, progress);
    if (signals.windDown.aborted) return ledger.flush(progress);
    try {
      admit({ action: "run", hen: claim.hen, walls: parts.walls });
      if (step.kind === "open") {
        ledger.record(await openJob(claim, parts));
      } else if (step.kind === "ask") {
        ledger.record(await asker.ask(step, progress, signals.kill));
      } else {
        await parts.tools.settleCall(claim, step, {
          record: ledger.record,
          flush: () => ledger.flush(progress).then(() => report(claim, progress, parts)),
          signal: signals.kill,
        });
      }
    } catch (error) {
      if (signals.kill.aborted) {
        const stopped = outcomeOfStop(signals.kill);
        return stopped === undefined ? ledger.flush(progress) : ledger.settle(stopped, progress); // without one, the restart goes on
      }
      // A call that waited for room when the daemon began to wind down was not made; the job goes on after the restart.
      if (signals.windDown.aborted && error === signals.windDown.reason) return ledger.flush(progress);
      const want = wantOf(toCoopError(error));
      return want === undefined
        ? ledger.settle(outcomeOfError(error, claim, ledger, parts), progress)
        : ledger.park(want, mark, progress);
    }
  }
}

/** What a step's error makes of the job. @throws CoopError `stale_epoch`: it is another runner's now */
function outcomeOfError(thrown: unknown, { job }: Claim, { journal }: JobLedger, parts: RunnerParts): Outcome {
  const error = toCoopError(thrown);
  const result = error.code === "limit_cost" ? lastTextOf(journal) : undefined; // as any limit leaves what was said so far
  if (error.code === "stale_epoch") throw error;
  if (error.code === "internal") parts.log.error("a job met an unexpected error", { job: job.id, error: thrown });
  return { status: "FAILED", error, ...(result === undefined ? {} : { result }) };
}

function report({ job }: Claim, { step, turns, usage }: Progress, parts: RunnerParts): void {
  const tool = step.kind === "invoke" ? step.call.name : null;
  const tokens = inputOf(usage) + usage.output_tokens;
  parts.progress.report({ type: "job_progress", job_id: job.id, hen_id: job.hen_id, turn: turns, tool, tokens });
}

/** What an abort makes of the job; undefined while nothing was aborted, and when the daemon stops. */
function outcomeOfStop(kill: AbortSignal): Outcome | undefined {
  if (!kill.aborted) return undefined;
  const reason = toCoopError(kill.reason);
  if (reason.code === "shutting_down") return undefined;
  return reason.code === "cancelled"
    ? { status: "CANCELLED", reason: reason.message }
    : { status: "FAILED", error: reason };
}
