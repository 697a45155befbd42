import {
  type CeilingRule,
  type Claim,
  type EpisodeId,
  type HenWant,
  isPassingRefusal,
  type JournalFact,
  type Outcome,
  type Progress,
  toCoopError,
  toInstant,
} from "coopd-core";
import type { Wants } from "../farm/wants.ts";
import type { SpendBell } from "../spend/spend-bell.ts";
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
  /**
   * The same for the beginning of a model call, whose worst case is reserved with it. Where only calls that others have under
   * way stand against it, it waits for them to end.
   * @throws CoopError `limit_cost` when a ceiling could be passed; `stale_epoch`; the reason of a signal while it waits
   */
  begin(call: BrainRequestFact, progress: Progress, rules: readonly CeilingRule[]): Promise<void>;
  /** Ends the job, with what was recorded. @throws CoopError `stale_epoch` */
  settle(outcome: Outcome, progress: Progress): Promise<void>;
  /**
   * Puts the job back into its queue until its hen has what it lacks; settles it CANCELLED when somebody asked for its end
   * meanwhile. @throws CoopError `stale_epoch`
   */
  park(want: HenWant, mark: ReturnType<Wants["mark"]>, progress: Progress): Promise<void>;
}

type BrainRequestFact = Extract<JournalFact, { kind: "brain.request" }>;

/** The ledger of a claimed job, beginning with what former runs wrote. Writes wait for a full disk (writeDurably). */
export function openLedger(
  claim: Claim,
  parts: Pick<RunnerParts, "store" | "clock" | "newId" | "log" | "wants" | "bell">,
  signals: RunSignals,
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
    const entry = { jobId: job.id, epoch, at: now(), facts, progress: tallyOf(progress) };
    await write(() => parts.store.append(entry));
    parts.bell.ring(); // what a call had reserved may be free now
  }

  async function begin(call: BrainRequestFact, progress: Progress, rules: readonly CeilingRule[]): Promise<void> {
    const send = async () => {
      const entry = { jobId: job.id, epoch, at: now(), facts: [...pending, call], progress: tallyOf(progress), rules };
      await write(() => parts.store.append(entry));
      pending = [];
      journal.push(call);
    };
    await whenThereIsRoom(send, () => flush(progress), parts.bell, AbortSignal.any([signals.kill, signals.windDown]));
  }

  async function settle(outcome: Outcome, progress: Progress): Promise<void> {
    const settlement = toSettlement(outcome, progress, parts.newId() as EpisodeId);
    const entry = { jobId: job.id, epoch, at: now(), facts: pending, settlement };
    const settled = write(() => parts.store.settle(entry));
    signals.onEnding(); // behind the sending of the settle: its hen is free by the time the claim looks
    await settled;
    parts.bell.ring();
  }

  return {
    journal,
    record: (...facts) => {
      journal.push(...facts);
      pending.push(...facts);
    },
    flush,
    begin,
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

/**
 * Makes a call's reservation, and where only others' calls stand against it, waits for one of them to end and tries again.
 * Before it waits it writes down what is known, so that this job holds nothing: two can never wait for each other.
 */
async function whenThereIsRoom(
  reserve: () => Promise<void>,
  letGo: () => Promise<void>,
  bell: SpendBell,
  signal: AbortSignal,
): Promise<void> {
  for (;;) {
    const mark = bell.mark();
    try {
      await reserve();
      return bell.ring(); // what the last call had reserved beyond what it used is free
    } catch (thrown) {
      const refusal = toCoopError(thrown);
      if (refusal.code !== "limit_cost") throw thrown;
      await letGo();
      if (!isPassingRefusal(refusal)) throw thrown;
      await bell.after(mark, signal);
    }
  }
}

/** What the store keeps of it: the step holds the whole conversation once more, which every write would carry along. */
function tallyOf({ turns, usage }: Progress): Pick<Progress, "turns" | "usage"> {
  return { turns, usage };
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
