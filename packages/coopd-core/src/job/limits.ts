import { CoopError } from "../errors/coop-error.ts";
import { fromInstant } from "../ids/brand.ts";
import type { LimitsSpec } from "../manifest/manifest.ts";
import type { Job } from "./job.ts";

/** What one job may use; null where nothing limits it. */
export interface JobLimits {
  readonly max_turns: number;
  /** Seconds from the first claim to the end. */
  readonly wall_secs: number | null;
  /** Sum of output tokens over the job. */
  readonly output_tokens: number | null;
}

/** The original's MAX_TURNS (contract/domain.md §5). */
export const MAX_TURNS_DEFAULT = 16;

/** The tighter of what the manifest and the submitter say, limit by limit. */
export function jobLimits(manifest: LimitsSpec | null, asked: Partial<JobLimits> = {}): JobLimits {
  return {
    max_turns: tighter(manifest?.max_turns ?? MAX_TURNS_DEFAULT, asked.max_turns) ?? MAX_TURNS_DEFAULT,
    wall_secs: tighter(manifest?.wall_secs, asked.wall_secs),
    output_tokens: tighter(manifest?.output_tokens, asked.output_tokens),
  };
}

function tighter(a: number | null | undefined, b: number | null | undefined): number | null {
  if (a === null || a === undefined) return b ?? null;
  return b === null || b === undefined ? a : Math.min(a, b);
}

/**
 * What a job may still use: the most that a job it hands on may use, so that a limit cannot be widened by delegation.
 * @param turn the turn under way, which counts as used
 * @throws CoopError `limit_reached` when one is used up
 */
export function remainingLimits(job: Job, turn: number, nowMs: number): JobLimits {
  const { max_turns, wall_secs, output_tokens } = job.limits;
  const usedSecs = Math.floor((nowMs - fromInstant(job.started_at ?? job.created_at)) / 1_000);
  const left = {
    max_turns: max_turns - turn,
    wall_secs: wall_secs === null ? null : wall_secs - usedSecs,
    output_tokens: output_tokens === null ? null : output_tokens - job.usage.output_tokens,
  };
  for (const [limit, value] of Object.entries(left)) {
    if (value === null || value > 0) continue;
    throw new CoopError("limit_reached", `nothing is left of this job's limits.${limit} to hand on`, {
      next: "Do the rest in this job, or raise the limit.",
      details: { limit },
    });
  }
  return left;
}
