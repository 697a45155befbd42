import type { SpendView } from "../spend/spend.ts";

/** What a hen's ended jobs have used, jobs that are not kept any more included; one that runs counts when it has ended. */
export interface HenUsage {
  readonly jobs: { readonly done: number; readonly failed: number; readonly cancelled: number };
  readonly turns: number;
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly cache_tokens: number;
  readonly cache_write_tokens: number;
}

/** `GET /hens/:id/usage`: with what its calls cost, those of jobs that run included. */
export interface HenUsageView extends HenUsage {
  readonly spend: SpendView;
  /** Of this UTC day. */
  readonly today: SpendView;
}

/** A hen that has not ended a job. */
export const NO_HEN_USAGE: HenUsage = {
  jobs: { done: 0, failed: 0, cancelled: 0 },
  turns: 0,
  input_tokens: 0,
  output_tokens: 0,
  cache_tokens: 0,
  cache_write_tokens: 0,
};
