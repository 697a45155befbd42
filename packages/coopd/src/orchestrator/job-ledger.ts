import {
  type Claim,
  type EpisodeId,
  type HenWant,
  type JournalFact,
  type Outcome,
  type Progress,
  toCoopError,
  toInstant,
} from "coopd-core";
import type { Wants } from "../farm/wants.ts";
import { writeDurably } from "./durable-writes.ts";
import type { RunnerParts, RunSignals } from "./run-parts.ts";

/** What one run of a job writes down. Only {@link JobLedger.record} does not wait for the disk. */
export interface JobLedger {
  /** Everything that is known of the job, durable or not. */
  readonly journal: readonly JournalFact[];
  /** Keeps facts until the next write. */
  readonly record: (...facts: JournalFact[]) => void;
  /** Makes what was recorded durable. @throws CoopError `stale_epoch` */
  flush(progress: Progress): Promise<void>;
  /** Ends the job, with what was recorded. @throws CoopError `stale_epoch` */
  settle(outcome: Outcome, progress: Progress): Promise<void>;
  /**
   * Puts the job back into its queue until its hen has what it lacks; settles it CANCELLED when somebody asked for its end
   * meanwhile. @throws CoopError `stale_epoch`
   */
  park(want: HenWant, mark: ReturnType<Wants["mark"]>, progress: Progress): Promise<void>;
}

/** The ledger of a claimed job, beginning with what former runs wrote. Writes wait for a full disk (writeDurably). */
export function openLedger(
  claim: Claim,
  parts: Pick<RunnerParts, "store" | "clock" | "newId" | "log" | "wants">,
  signals: Pick<RunSignals, "kill" | "onEnding">,
): JobLedger {
  const { job, epoch } = claim;
  const journal: JournalFact[] = [...claim.journal];
  let pending: JournalFact[] = [];
  const now = () => toInstant(parts.clock.nowMs());
  const write = <T>(work: () => Promise<T>) => writeDurably(work, signals.kill, parts.log);

  async function flush(progress: Progress): Promise<void> {
    if (pending.length === 0) return;
    const facts = pending;
    pending = [];
    const entry = { jobId: job.id, epoch, at: now(), facts, progress };
    await write(() => parts.store.append(entry));
  }

  async function settle(outcome: Outcome, progress: Progress): Promise<void> {
    const settlement = toSettlement(outcome, progress, parts.newId() as EpisodeId);
    const entry = { jobId: job.id, epoch, at: now(), facts: pending, settlement };
    const settled = write(() => parts.store.settle(entry));
    signals.onEnding(); // behind the sending of the settle: its hen is free by the time the claim looks
    await settled;
  }

  return {
    journal,
    record: (...facts) => {
      journal.push(...facts);
      pending.push(...facts);
    },
    flush,
    settle,
    async park(want, mark, progress) {
      await flush(progress);
      try {
        await write(() => parts.wants.park(claim, want, mark));
      } catch (refusal) {
        const { code, message } = toCoopError(refusal);
        if (code !== "cancelled") throw refusal;
        await settle({ status: "CANCELLED", reason: message }, progress);
      }
    },
  };
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
