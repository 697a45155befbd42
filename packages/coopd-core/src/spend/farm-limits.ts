/** Ceilings that the farmer sets for the whole farm; null where nothing limits. Dollars, days in UTC. */
export interface FarmLimits {
  /** Of every single job. */
  readonly job_tokens: number | null;
  readonly job_cost_usd: number | null;
  /** Of every single hen in a day. */
  readonly hen_day_tokens: number | null;
  readonly hen_day_cost_usd: number | null;
  /** Of all hens together in a day. */
  readonly day_tokens: number | null;
  readonly day_cost_usd: number | null;
}

/** A farm without ceilings. */
export const NO_FARM_LIMITS: FarmLimits = {
  job_tokens: null,
  job_cost_usd: null,
  hen_day_tokens: null,
  hen_day_cost_usd: null,
  day_tokens: null,
  day_cost_usd: null,
};
