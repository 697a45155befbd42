import type { Instant } from "../ids/brand.ts";
import type { HenId } from "../ids/hen-id.ts";
import type { JournalFact } from "../job/journal.ts";
import type { CeilingRule } from "../spend/ceilings.ts";
import type { Spend } from "../spend/spend.ts";
import type { UsageQuery, UsageSum } from "../spend/usage-rows.ts";
import type { CallPlan } from "./brain-calls.ts";

/** What model calls have used, and calls that belong to no job. Those of jobs are counted with their journals. */
export interface SpendStore {
  /** Reserves a call that belongs to no job; `id` is unique over all calls. @throws `limit_cost`, `hen_not_found` */
  beginCall(parts: {
    readonly id: string;
    readonly henId: HenId;
    readonly at: Instant;
    readonly plan: CallPlan;
    readonly rules: readonly CeilingRule[];
  }): Promise<void>;
  /** Charges what the call used: `brain.response` or `brain.failed`. */
  endCall(parts: { readonly id: string; readonly henId: HenId; readonly fact: JournalFact }): Promise<void>;
  /** What the hen's calls have used, ever and on one day; nothing for a hen that is not there. */
  henSpend(id: HenId, day: number): Promise<{ readonly total: Spend; readonly day: Spend }>;
  /** The farm's spending, summed up; days in order, anything else the dearest first, at most `PAGE_MAX` sums. */
  usage(query: UsageQuery): Promise<readonly UsageSum[]>;
}
