import { z } from "zod";

const LimitsBody = z
  .object({
    max_turns: z.int().min(1).max(10_000).optional(),
    wall_secs: z.int().min(1).max(2_592_000).optional(),
    output_tokens: z.int().min(1).max(1_000_000_000).optional(),
    tokens: z.int().min(1).max(1_000_000_000_000).optional(),
    cost_usd: z.number().gt(0).max(1_000_000).optional(),
  })
  .optional();

/** The id of a lease as its renter names it. */
export const LeaseId = z.string().min(1).max(256);

/** What a job's body has beside the hen. */
export const JobBody = z.object({ prompt: z.string(), limits: LimitsBody, lease_id: LeaseId.nullish() });

/** What a hand-over's body has beside the hen that hands on. */
export const DelegateBody = JobBody.extend({ to: z.string().meta({ examples: ["local.coop/aria"] }) });
