import { type CoopClient, pause } from "coop-client";
import { CoopError, isEnded, type JournalEntry } from "coopd-core";

export interface FollowParts {
  readonly client: CoopClient;
  readonly jobId: string;
  /** Ends the iteration without an error. */
  readonly interrupted: AbortSignal;
  /** How long a daemon that went away is waited for, ms. */
  readonly awayMsMax?: number;
  readonly onLost?: (error: CoopError) => void;
}

/** Entries are not announced as events, so they are asked for; a person reads no faster. */
const POLL_MS = 400;
const AWAY_MS_MAX = 60_000;

/**
 * A job's journal from its beginning and on until the job ends. A daemon that goes away is waited for, since it goes on with
 * its jobs. @throws CoopError `job_not_found`, `unreachable`
 */
export async function* followJournal(parts: FollowParts): AsyncGenerator<JournalEntry> {
  const { client, jobId, interrupted, awayMsMax = AWAY_MS_MAX } = parts;
  let after = 0;
  let awaySinceMs: number | undefined;
  while (!interrupted.aborted) {
    try {
      const { status } = await client.jobs.get(jobId, { signal: interrupted });
      for await (const entry of client.jobs.journal(jobId, { after, signal: interrupted })) {
        after = entry.seq;
        yield entry;
      }
      if (isEnded(status)) return; // read before the journal, so the journal was whole
      awaySinceMs = undefined;
    } catch (error) {
      if (interrupted.aborted) return;
      if (!(error instanceof CoopError) || error.code !== "unreachable") throw error;
      if (awaySinceMs === undefined) parts.onLost?.(error);
      awaySinceMs ??= performance.now();
      if (performance.now() - awaySinceMs > awayMsMax) throw error;
    }
    await pause(POLL_MS, interrupted);
  }
}
