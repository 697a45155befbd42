import {
  admit,
  type Brain,
  type BrainResponse,
  type Claim,
  CoopError,
  type JournalFact,
  nextStep,
  type Outcome,
  type Progress,
  type Step,
  toCoopError,
  wantOf,
} from "coopd-core";
import { openLedger } from "./job-ledger.ts";
import { openJob } from "./open-job.ts";
import type { RunnerParts, RunSignals } from "./run-parts.ts";

/** The original's constants (contract/domain.md §5). */
const TEMPERATURE = 0.7;
const MAX_TOKENS = 4096;

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
  let brain: Brain | undefined;

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
        brain ??= await parts.brainFor(claim);
        const request = toRequest(step);
        ledger.record({ kind: "brain.request", turn: step.turn, sha256: sha256(JSON.stringify(request)) });
        await ledger.flush(progress);
        report(claim, progress, parts);
        ledger.record(toResponseFact(step.turn, await askBrain(brain, request, signals.kill)));
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
      const want = wantOf(toCoopError(error));
      return want === undefined
        ? ledger.settle(outcomeOfError(error, claim, parts), progress)
        : ledger.park(want, mark, progress);
    }
  }
}

/** What a step's error makes of the job. @throws CoopError `stale_epoch`: it is another runner's now */
function outcomeOfError(thrown: unknown, { job }: Claim, parts: RunnerParts): Outcome {
  const error = toCoopError(thrown);
  if (error.code === "stale_epoch") throw error;
  if (error.code === "internal") parts.log.error("a job met an unexpected error", { job: job.id, error: thrown });
  return { status: "FAILED", error };
}

function report({ job }: Claim, { step, turns, usage }: Progress, parts: RunnerParts): void {
  const tool = step.kind === "invoke" ? step.call.name : null;
  const tokens = usage.input_tokens + usage.output_tokens;
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

async function askBrain(
  brain: Brain,
  request: ReturnType<typeof toRequest>,
  signal: AbortSignal,
): Promise<BrainResponse> {
  for await (const chunk of brain.stream(request, signal)) {
    if (chunk.type === "final") return chunk.response;
  }
  throw new CoopError("brain_answer_invalid", `${brain.label} ended its stream without an answer`);
}

function toRequest(step: Extract<Step, { kind: "ask" }>) {
  const { system, tools } = step.opened;
  return { system, messages: step.messages, tools, temperature: TEMPERATURE, max_tokens: MAX_TOKENS, stop_seq: [] };
}

function toResponseFact(turn: number, response: BrainResponse): JournalFact {
  const { content, usage, finish_reason, latency_ms } = response;
  return { kind: "brain.response", turn, content, usage, finish_reason, latency_ms };
}

function sha256(text: string): string {
  return new Bun.CryptoHasher("sha256").update(text).digest("hex");
}
