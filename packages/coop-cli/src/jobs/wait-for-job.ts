import { type CoopClient, pause, type WatchItem } from "coop-client";
import { CoopError, isEnded, type Job, type JobProgress } from "coopd-core";

export interface WaitParts {
  readonly client: CoopClient;
  readonly jobId: string;
  /** Aborted by Ctrl-C. */
  readonly interrupted: AbortSignal;
  /** Between two questions, where events cannot be watched. */
  readonly intervalMs: number;
  /** 0 waits as long as it takes. */
  readonly timeoutMs: number;
  /** Called with what was read whenever the job was read. */
  readonly onJob?: (job: Job) => void;
  /** Called when the farm says how far the job is. */
  readonly onProgress?: (progress: JobProgress) => void;
  /** Called when the connection to the daemon is lost, and with undefined when it is back. */
  readonly onLink?: (lost: string | undefined) => void;
}

/** `job` is the newest that was read. */
export interface WaitResult {
  readonly kind: "ended" | "timed_out" | "interrupted";
  readonly job: Job;
}

/** setTimeout's own limit, 2³¹ − 1 ms; some 24 days. */
const TIMER_MS_MAX = 2_147_483_647;

/**
 * Waits for a job's end by watching, not by asking: the watch is open before the job is read, so the end cannot slip in
 * between, and it is read again after every reconnect. A daemon that is restarted is waited for, since it goes on with its
 * jobs. Where no watch can be opened the job is asked for every `intervalMs`.
 * @throws CoopError `job_not_found` at once; `unreachable` when the daemon stays away for a minute
 */
export async function waitForJob(parts: WaitParts): Promise<WaitResult> {
  const { interrupted, timeoutMs } = parts;
  const timeout = new AbortController();
  const timer = timeoutMs > 0 ? setTimeout(() => timeout.abort(), Math.min(timeoutMs, TIMER_MS_MAX)) : undefined;
  const signal = AbortSignal.any([interrupted, timeout.signal]);
  try {
    const first = await readJob(parts);
    const job = isEnded(first.status) ? first : await watchOrAsk(parts, first, signal);
    if (isEnded(job.status)) return { kind: "ended", job };
    return { kind: interrupted.aborted ? "interrupted" : "timed_out", job };
  } finally {
    clearTimeout(timer);
  }
}

async function watchOrAsk(parts: WaitParts, first: Job, signal: AbortSignal): Promise<Job> {
  const state = { job: first, wasOpen: false };
  try {
    for await (const item of parts.client.watch({ signal })) {
      if (item.type === "link_opened") state.wasOpen = true;
      if (item.type === "link_lost") parts.onLink?.(item.reason);
      if (item.type === "job_progress" && item.job_id === parts.jobId) parts.onProgress?.(item);
      if (!mayHaveChanged(item, parts.jobId)) continue;
      state.job = (await readPatiently(parts, signal)) ?? state.job;
      parts.onLink?.(undefined);
      if (isEnded(state.job.status)) break;
    }
    return state.job;
  } catch (error) {
    if (state.wasOpen || !(error instanceof CoopError)) throw error;
    return await askEvery(parts, state.job, signal);
  }
}

function mayHaveChanged(item: WatchItem, jobId: string): boolean {
  if (item.type === "job_status_changed") return item.job_id === jobId;
  return item.type === "link_opened" || item.type === "gap";
}

async function askEvery(parts: WaitParts, first: Job, signal: AbortSignal): Promise<Job> {
  let job = first;
  while (!isEnded(job.status)) {
    await pause(parts.intervalMs, signal);
    if (signal.aborted) return job;
    job = await readJob(parts);
  }
  return job;
}

/** How long a daemon that just answered by event may be deaf to a question: it may be in the middle of a restart. */
const DEAF_MS_MAX = 60_000;
const DEAF_PAUSE_MS = 250;

/** The job, or undefined when the signal came first: an end that was announced must not be lost to one failed read. */
async function readPatiently(parts: WaitParts, signal: AbortSignal): Promise<Job | undefined> {
  const startMs = performance.now();
  while (!signal.aborted) {
    try {
      return await readJob(parts);
    } catch (error) {
      const isPassing = error instanceof CoopError && ["unreachable", "timeout", "shutting_down"].includes(error.code);
      if (!isPassing || performance.now() - startMs > DEAF_MS_MAX) throw error;
      parts.onLink?.(error.message);
    }
    await pause(DEAF_PAUSE_MS, signal);
  }
  return undefined;
}

async function readJob({ client, jobId, onJob }: WaitParts): Promise<Job> {
  const job = await client.jobs.get(jobId);
  onJob?.(job);
  return job;
}
