import { type CoopClient, pause } from "coop-client";
import type { Job, JournalEntry } from "coopd-core";
import type { ProgressLine } from "../output/progress-line.ts";

export interface ShowParts {
  readonly client: CoopClient;
  readonly jobId: string;
  readonly line: ProgressLine;
  /** Ends it. */
  readonly signal: AbortSignal;
}

/** For the eye only; the end of the job is waited for elsewhere. */
const LOOK_MS = 500;

/** Keeps the progress line true: state, turn, what the hen does just now. Does nothing where nobody sees the line. */
export function showProgress({ client, jobId, line, signal }: ShowParts): {
  readonly onJob: (job: Job) => void;
  readonly onLink: (lost: string | undefined) => void;
} {
  const known: { status: string; doing: string; lost: string | undefined } = {
    status: "QUEUED",
    doing: "",
    lost: undefined,
  };
  const say = () => {
    const away = known.lost === undefined ? "" : ` · the daemon went away (${known.lost}), waiting for it`;
    line.say(`${known.status}${known.doing}${away}`);
  };
  const look = async () => {
    let after = 0;
    while (!signal.aborted) {
      await pause(LOOK_MS, signal);
      try {
        for await (const entry of client.jobs.journal(jobId, { after, signal })) {
          after = entry.seq;
          known.doing = doing(entry) ?? known.doing;
        }
      } catch {
        // the original has no journal, and a daemon that is away is shown by onLink: the line says what is known
      }
      say();
    }
  };
  if (line.isShown) void look();
  return {
    onJob: (job) => {
      known.status = job.status;
      say();
    },
    onLink: (lost) => {
      known.lost = lost;
      say();
    },
  };
}

function doing(entry: JournalEntry): string | undefined {
  if (entry.kind === "brain.request") return ` · turn ${entry.turn} · thinking`;
  if (entry.kind === "tool.intent") return ` · turn ${entry.turn} · ${entry.tool}`;
  if (entry.kind === "child.spawned") return ` · turn ${entry.turn} · waiting for ${entry.hen_id}`;
  return undefined;
}
