import type { Job, JobProgress } from "coopd-core";
import type { ProgressLine } from "../output/progress-line.ts";

/** What the line is told; each call draws it anew. */
export interface ProgressTeller {
  readonly onJob: (job: Job) => void;
  readonly onProgress: (progress: JobProgress) => void;
  /** With a reason when the daemon is lost, with undefined when it is back. */
  readonly onLink: (lost: string | undefined) => void;
}

/** `RUNNING · turn 3 · bash · 1234 tokens`: state, turn, what the hen does just now and what it used, as far as it is known. */
export function showProgress(line: ProgressLine): ProgressTeller {
  let status = "";
  let effort = "";
  let lost: string | undefined;
  const say = () => {
    const away = lost === undefined ? "" : ` · the daemon went away (${lost}), waiting for it`;
    line.say(`${status}${effort}${away}`);
  };
  return {
    onJob(job) {
      const isNews = job.status !== status;
      status = job.status;
      if (isNews) effort = job.status === "RUNNING" ? toEffort(job.turns, undefined, tokensOf(job)) : "";
      say();
    },
    onProgress({ turn, tool, tokens }) {
      status = "RUNNING";
      effort = toEffort(turn, tool ?? "thinking", tokens);
      say();
    },
    onLink(reason) {
      lost = reason;
      say();
    },
  };
}

function toEffort(turn: number, doing: string | undefined, tokens: number): string {
  const parts = [turn > 0 ? `turn ${turn}` : undefined, doing, tokens > 0 ? `${tokens} tokens` : undefined];
  return parts.map((part) => (part === undefined ? "" : ` · ${part}`)).join("");
}

/** The original counts none. */
function tokensOf({ usage }: Job): number {
  return usage === undefined ? 0 : usage.input_tokens + usage.output_tokens;
}
