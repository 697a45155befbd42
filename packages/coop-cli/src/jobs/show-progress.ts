import type { Job, JobProgress } from "coopd-core";
import type { ProgressLine } from "../output/progress-line.ts";
import { type Effort, toProgressText } from "../views/progress-text.ts";

/** What the line is told; each call draws it anew. */
export interface ProgressTeller {
  readonly onJob: (job: Job) => void;
  readonly onProgress: (progress: JobProgress) => void;
  /** With a reason when the daemon is lost, with undefined when it is back. */
  readonly onLink: (lost: string | undefined) => void;
}

/**
 * `RUNNING · turn 3 · bash · 1234 tokens`: state, turn, what the hen does just now and what it used, as far as it is known;
 * of a job that waits, whether the farm is stopped.
 */
export function showProgress(line: ProgressLine, isFarmStopped: () => Promise<boolean>): ProgressTeller {
  let status = "";
  let effort: Effort = NONE;
  let isHeld = false;
  let lost: string | undefined;
  const say = () => {
    const away = lost === undefined ? "" : ` · the daemon went away (${lost}), waiting for it`;
    const doing = isHeld ? "the farm is stopped; coop farm resume" : toProgressText(effort);
    line.say(`${status}${doing === "" ? "" : ` · ${doing}`}${away}`);
  };
  const findOutWhyItWaits = async () => {
    const isStopped = await isFarmStopped().catch(() => false); // for the eye only; who waits learns of a lost daemon by itself
    isHeld = isStopped && status === "QUEUED";
    say();
  };
  return {
    onJob(job) {
      const isNews = job.status !== status;
      status = job.status;
      if (isNews) {
        isHeld = false;
        effort = status === "RUNNING" ? { turn: job.turns, tool: undefined, tokens: tokensOf(job) } : NONE;
        if (status === "QUEUED" && line.isShown) void findOutWhyItWaits();
      }
      say();
    },
    onProgress(progress) {
      status = "RUNNING";
      isHeld = false;
      effort = progress;
      say();
    },
    onLink(reason) {
      lost = reason;
      say();
    },
  };
}

const NONE: Effort = { turn: 0, tool: undefined, tokens: 0 };

/** The original counts none. */
function tokensOf({ usage }: Job): number {
  return usage === undefined ? 0 : usage.input_tokens + usage.output_tokens;
}
