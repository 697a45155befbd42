import type { HenId } from "../ids/hen-id.ts";
import type { BrainUsage } from "../ports/brain.ts";
import type { ModelPrice } from "../spend/price.ts";

/** `POST /hens/:id/brain/test`: what one tiny call through the hen's brain was like. */
export interface BrainTestReport {
  readonly hen_id: HenId;
  /** Who answered: the first link, or a fallback. */
  readonly provider: string;
  readonly model: string;
  readonly latency_ms: number;
  readonly usage: BrainUsage;
  /** What the test cost; null where the price is unknown. */
  readonly usd_micros: number | null;
  readonly usd_per_million: ModelPrice | null;
  /** The day of the price list. */
  readonly prices_as_of: string;
  /** Tokens; null where it is unknown. */
  readonly context_window: number | null;
  /** Links that were asked before it and gave no answer. */
  readonly attempts: readonly {
    readonly provider: string;
    readonly model: string;
    readonly error_code: string;
    readonly error: string;
  }[];
}
