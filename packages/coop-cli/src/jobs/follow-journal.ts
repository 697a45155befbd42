import type { CoopClient } from "coop-client";
import { CoopError, isEnded, type JobProgress, type JournalEntry } from "coopd-core";
import { JobBell } from "./job-bell.ts";

export interface FollowParts {
  readonly client: CoopClient;
  readonly jobId: string;
  /** Ends the iteration without an error. */
  readonly interrupted: AbortSignal;
  /** Called when the daemon goes away; it is waited for, since it goes on with its jobs. */
  readonly onLost?: (reason: string) => void;
}

/** Where events cannot be watched the journal is asked for; a person reads no faster. */
const INTERVAL_MS = 400;
/**
 * A step may be announced a moment before it is durable, by as much as a flush takes. What is not in the journal yet is
 * looked for again after 30 ms, 60 ms, … 1.9 s, 3.8 s in all; then it comes with the next ring.
 */
const LOOK_MS = 30;
const LOOKS_MAX = 7;
/** How long a daemon that is watched may be deaf to questions: it may be in the middle of a restart. */
const DEAF_MS_MAX = 60_000;
const DEAF_PAUSE_MS = 250;

/**
 * A job's journal from its beginning and on until the job ends, read behind the last entry whenever the farm says
 * something about the job. @throws CoopError `job_not_found`, `unreachable`
 */
export async function* followJournal(parts: FollowParts): AsyncGenerator<JournalEntry> {
  const { client, jobId, interrupted: signal, onLost } = parts;
  const bell = new JobBell({ client, jobId, signal, intervalMs: INTERVAL_MS, ...(onLost && { onLost }) });
  const sought: Sought = { progress: undefined, looks: 0, turn: 0 };
  let after = 0;
  let mustAsk = true;
  let deafSinceMs: number | undefined;
  try {
    let pauseMs: number | undefined;
    for (;;) {
      const ring = await bell.next(pauseMs);
      if (signal.aborted) return;
      if (ring.kind === "changed") mustAsk = true;
      if (ring.kind === "progress") seek(sought, ring.progress);
      try {
        const hasEnded = mustAsk && isEnded((await client.jobs.get(jobId, { signal })).status); // before the journal, so that is whole
        for await (const entry of client.jobs.journal(jobId, { after, signal })) {
          after = entry.seq;
          find(sought, entry);
          yield entry;
        }
        if (hasEnded) return;
        mustAsk = false;
        deafSinceMs = undefined;
        pauseMs = nextLookMs(sought);
      } catch (error) {
        if (signal.aborted) return;
        deafSinceMs ??= performance.now();
        if (!isPassing(error) || performance.now() - deafSinceMs > DEAF_MS_MAX) throw error;
        pauseMs = DEAF_PAUSE_MS;
      }
    }
  } finally {
    bell.close();
  }
}

/** A step that was announced and not seen in the journal yet. */
interface Sought {
  progress: JobProgress | undefined;
  looks: number;
  /** The newest turn that is known to have begun. */
  turn: number;
}

/** A turn begins once, so one that was seen to begin is not sought; a turn's calls may all be of one tool. */
function seek(sought: Sought, progress: JobProgress): void {
  sought.progress = progress.tool === null && progress.turn <= sought.turn ? undefined : progress;
  sought.looks = 0;
}

function find(sought: Sought, entry: JournalEntry): void {
  if (entry.kind === "brain.request") sought.turn = entry.turn;
  if (sought.progress !== undefined && shows(entry, sought.progress)) sought.progress = undefined;
}

/** When to look again though nothing rings; undefined when there is nothing to look for. */
function nextLookMs(sought: Sought): number | undefined {
  if (sought.progress === undefined || sought.looks >= LOOKS_MAX) return undefined;
  sought.looks += 1;
  return LOOK_MS * 2 ** (sought.looks - 1);
}

/** True when the entry is the announced step, or one behind it. */
function shows(entry: JournalEntry, { turn, tool }: JobProgress): boolean {
  if (entry.kind === "settled") return true;
  if (entry.kind === "brain.request") return entry.turn > turn || (entry.turn === turn && tool === null);
  return entry.kind === "tool.intent" && entry.turn === turn && entry.tool === tool;
}

/** What a daemon that is going down or coming up answers with. */
function isPassing(error: unknown): boolean {
  return error instanceof CoopError && ["unreachable", "timeout", "shutting_down"].includes(error.code);
}
