import { z } from "zod";

/** Null is no limit of the submitter's, as a job's own answer writes it. */
const LimitsBody = z
  .object({
    max_turns: z.int().min(1).max(10_000).optional(),
    wall_secs: z.int().min(1).max(2_592_000).nullish(),
    output_tokens: z.int().min(1).max(1_000_000_000).nullish(),
    tokens: z.int().min(1).max(1_000_000_000_000).nullish(),
    cost_usd: z.number().gt(0).max(1_000_000).nullish(),
  })
  .optional();

/** The id of a lease as its renter names it. */
export const LeaseId = z.string().min(1).max(256);

/** What a job's body has beside the hen. */
export const JobBody = z.object({ prompt: z.string(), limits: LimitsBody, lease_id: LeaseId.nullish() });

/** What a hand-over's body has beside the hen that hands on. */
export const DelegateBody = JobBody.extend({ to: z.string().meta({ examples: ["local.coop/aria"] }) });
