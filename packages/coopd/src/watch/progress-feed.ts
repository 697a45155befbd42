import type { JobId, JobProgress } from "coopd-core";

/** At most two a second a job (issue: `job_progress`): more is only noise on a screen. */
const EVERY_MS = 500;

/** Tells watchers how far running jobs are; the last word always comes, only those between are left out. */
export interface ProgressFeed {
  report(progress: JobProgress): void;
  /** The last word on every job that runs, sent or held back; what a new watcher is told first. */
  current(): readonly JobProgress[];
  /** Forgets the job; what was held back of it is not sent any more. */
  end(id: JobId): void;
}

interface Pace {
  sentMs: number;
  last: JobProgress;
  held: JobProgress | undefined;
  timer: ReturnType<typeof setTimeout> | undefined;
}

/** `nowMs` never steps back: a monotonic clock. Timers are those of jobs that run; `end` clears them. */
export function createProgressFeed(publish: (progress: JobProgress) => void, nowMs: () => number): ProgressFeed {
  const paces = new Map<JobId, Pace>();
  const send = (pace: Pace, progress: JobProgress) => {
    pace.sentMs = nowMs();
    pace.held = undefined;
    publish(progress);
  };
  return {
    report(progress) {
      const pace = paces.get(progress.job_id) ?? {
        sentMs: Number.NEGATIVE_INFINITY,
        last: progress,
        held: undefined,
        timer: undefined,
      };
      paces.set(progress.job_id, pace);
      pace.last = progress;
      const waitMs = pace.sentMs + EVERY_MS - nowMs();
      if (waitMs <= 0) return send(pace, progress);
      pace.held = progress;
      pace.timer ??= setTimeout(() => {
        pace.timer = undefined;
        if (pace.held !== undefined) send(pace, pace.held);
      }, waitMs);
    },
    current: () => Array.from(paces.values(), ({ last }) => last),
    end(id) {
      clearTimeout(paces.get(id)?.timer);
      paces.delete(id);
    },
  };
}
