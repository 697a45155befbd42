import { CoopError } from "../errors/coop-error.ts";
import { fromInstant } from "../ids/brand.ts";
import { type Job, spentOf } from "./job.ts";
import type { JobLimits } from "./limits.ts";

/**
 * What a job may still use: the most that a job it hands on may use, so that a limit cannot be widened by delegation.
 * @param turn the turn under way, which counts as used
 * @throws CoopError `limit_reached` when one is used up
 */
export function remainingLimits(job: Job, turn: number, nowMs: number): JobLimits {
  const { max_turns, wall_secs, output_tokens, tokens, cost_usd } = job.limits;
  const spent = spentOf(job);
  const usedSecs = Math.ceil((nowMs - fromInstant(job.started_at ?? job.created_at)) / 1_000);
  const left = {
    max_turns: max_turns - turn,
    wall_secs: wall_secs === null ? null : wall_secs - usedSecs,
    output_tokens: output_tokens === null ? null : output_tokens - job.usage.output_tokens,
    tokens: tokens === null ? null : tokens - spent.tokens,
    cost_usd: cost_usd === null ? null : cost_usd - spent.usd_micros / 1e6,
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
