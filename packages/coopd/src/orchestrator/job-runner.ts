import {
  type Brain,
  type BrainResponse,
  type Claim,
  type Clock,
  CoopError,
  type EpisodeId,
  type JournalFact,
  type Log,
  nextStep,
  type Outcome,
  type Progress,
  type Step,
  type Store,
  toCoopError,
  toInstant,
} from "coopd-core";
import type { ProgressFeed } from "../watch/progress-feed.ts";
import { writeDurably } from "./durable-writes.ts";
import { openJob } from "./open-job.ts";
import type { ToolCaller } from "./tool-caller.ts";

export interface RunnerParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly newId: () => string;
  readonly log: Log;
  /** Builds the hen's brain; throws a CoopError that fails the job. */
  readonly brainFor: (claim: Claim) => Promise<Brain>;
  readonly tools: ToolCaller;
  readonly memoryContextEntries: number;
  readonly progress: ProgressFeed;
}

export interface RunSignals {
  /** Aborted when the daemon winds down: the step under way may finish, no new one starts. */
  readonly windDown: AbortSignal;
  /**
   * Aborted when the step under way must end too. Its reason says what becomes of the job: `shutting_down` leaves it to
   * the restart, `cancelled` settles it CANCELLED, any other code FAILED.
   */
  readonly kill: AbortSignal;
  /** Called when nothing is left to do but to write down the end, so that the next job's claim may share its commit. */
  readonly onEnding: () => void;
}

/** The original's constants (contract/domain.md §5). */
const TEMPERATURE = 0.7;
const MAX_TOKENS = 4096;

/**
 * Carries one claimed job to its end: reads the journal, does the next step, writes it down, again. Facts wait in
 * `pending` until something depends on them; then they become durable in one append, and only then it starts. A crash
 * between two appends therefore costs at most the step under way (architecture §4).
 *
 * Resolves when the job is settled, or when the daemon winds down and the job is left to go on after the restart.
 * @throws CoopError `stale_epoch` when another claim holds the job
 */
export async function runJob(claim: Claim, parts: RunnerParts, signals: RunSignals): Promise<void> {
  const { job } = claim;
  const journal: JournalFact[] = [...claim.journal];
  let pending: JournalFact[] = [];
  let brain: Brain | undefined;

  const record = (...facts: JournalFact[]) => {
    journal.push(...facts);
    pending.push(...facts);
  };
  const flush = async (progress: Progress) => {
    if (pending.length === 0) return;
    const facts = pending;
    pending = [];
    const entry = { jobId: job.id, epoch: claim.epoch, at: now(parts), facts, progress };
    await writeDurably(() => parts.store.append(entry), signals.kill, parts.log);
  };
  const settle = async (outcome: Outcome, progress: Progress) => {
    const settlement = toSettlement(outcome, progress, parts.newId() as EpisodeId);
    const entry = { jobId: job.id, epoch: claim.epoch, at: now(parts), facts: pending, settlement };
    const settled = writeDurably(() => parts.store.settle(entry), signals.kill, parts.log);
    signals.onEnding(); // behind the sending of the settle: its hen is free by the time the claim looks
    await settled;
  };

  for (;;) {
    const progress = nextStep(journal, job.limits);
    const { step } = progress;
    if (step.kind === "settle") return settle(step.outcome, progress);
    const stopped = outcomeOfStop(signals.kill);
    if (stopped !== undefined) return settle(stopped, progress);
    if (signals.windDown.aborted) return flush(progress);
    try {
      if (step.kind === "open") {
        record(await openJob(claim, parts));
      } else if (step.kind === "ask") {
        brain ??= await parts.brainFor(claim);
        const request = toRequest(step);
        record({ kind: "brain.request", turn: step.turn, sha256: sha256(JSON.stringify(request)) });
        await flush(progress);
        report(claim, progress, parts);
        record(toResponseFact(step.turn, await askBrain(brain, request, signals.kill)));
      } else {
        await parts.tools.settleCall(claim, step, {
          record,
          flush: () => flush(progress).then(() => report(claim, progress, parts)),
          signal: signals.kill,
        });
      }
    } catch (error) {
      if (signals.kill.aborted) {
        const stopped = outcomeOfStop(signals.kill);
        return stopped === undefined ? flush(progress) : settle(stopped, progress); // without one, the restart goes on
      }
      return settle(outcomeOfError(error, claim, parts), progress);
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

function toSettlement(outcome: Outcome, progress: Progress, episodeId: EpisodeId) {
  const { turns, usage } = progress;
  switch (outcome.status) {
    case "DONE":
      return { status: outcome.status, result: outcome.result, error: null, errorCode: null, turns, usage, episodeId };
    case "FAILED": {
      const { code, message, next } = outcome.error;
      const error = next === undefined ? message : `${message}. ${next}`;
      return {
        status: outcome.status,
        result: outcome.result ?? null,
        error,
        errorCode: code,
        turns,
        usage,
        episodeId,
      };
    }
    case "CANCELLED":
      return {
        status: outcome.status,
        result: null,
        error: outcome.reason,
        errorCode: "cancelled",
        turns,
        usage,
        episodeId,
      } as const;
  }
}

function sha256(text: string): string {
  return new Bun.CryptoHasher("sha256").update(text).digest("hex");
}

function now(parts: RunnerParts) {
  return toInstant(parts.clock.nowMs());
}
