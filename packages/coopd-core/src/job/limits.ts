import type { LimitsSpec } from "../manifest/manifest.ts";

/** What one job may use; null where nothing limits it. */
export interface JobLimits {
  readonly max_turns: number;
  /** Seconds from the first claim to the end. */
  readonly wall_secs: number | null;
  /** Sum of output tokens over the job. */
  readonly output_tokens: number | null;
  /** Tokens of all kinds, with those of jobs that it hands on; a ceiling that is checked before each call. */
  readonly tokens: number | null;
  /** US dollars, likewise. */
  readonly cost_usd: number | null;
}

/** The original's MAX_TURNS (contract/domain.md §5). */
export const MAX_TURNS_DEFAULT = 16;

/** The tighter of what the manifest and the submitter say, limit by limit. */
export function jobLimits(manifest: LimitsSpec | null, asked: Partial<JobLimits> = {}): JobLimits {
  return {
    max_turns: tighter(manifest?.max_turns ?? MAX_TURNS_DEFAULT, asked.max_turns) ?? MAX_TURNS_DEFAULT,
    wall_secs: tighter(manifest?.wall_secs, asked.wall_secs),
    output_tokens: tighter(manifest?.output_tokens, asked.output_tokens),
    tokens: tighter(manifest?.tokens, asked.tokens),
    cost_usd: tighter(manifest?.cost_usd, asked.cost_usd),
  };
}

function tighter(a: number | null | undefined, b: number | null | undefined): number | null {
  if (a === null || a === undefined) return b ?? null;
  return b === null || b === undefined ? a : Math.min(a, b);
}
