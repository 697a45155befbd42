import type { CoopError } from "../errors/coop-error.ts";
import type { BrainLink, BrainSpec } from "../manifest/manifest.ts";
import type { Brain } from "./brain.ts";

/** The most that a call can use, known before it is made. */
export interface WorstCase {
  readonly input_tokens: number;
  readonly output_tokens: number;
  /** Millionths of a US dollar; null where the price is unknown. */
  readonly usd_micros: number | null;
}

/** One call of one model, as it is about to be made. */
export interface CallPlan {
  readonly provider: BrainLink["provider"];
  readonly model: string;
  /** UTF-8 bytes of the request as JSON; the next call's worst case is told by what it adds. */
  readonly request_bytes: number;
  readonly worst: WorstCase;
}

/** A call that was begun and gave no answer. */
export interface CallFailure {
  readonly plan: CallPlan;
  readonly error: CoopError;
  /** False only where the provider said no before it did any work, so that it charges nothing. */
  readonly mayBeCharged: boolean;
}

/** What is known of a job's last answered call. */
export interface PriorCall {
  readonly provider: BrainLink["provider"];
  readonly model: string;
  readonly request_bytes: number;
  /** All kinds of input together, as the provider counted them. */
  readonly input_tokens: number;
}

/** What a brain tells its job about the calls that it makes, one after the other. */
export interface BrainCalls {
  /** The last call that was answered; undefined at first, and where the server counted nothing. */
  readonly prior: () => PriorCall | undefined;
  /**
   * To be awaited before a model is asked: when it resolves, the call is durable and its worst case is reserved.
   * @throws CoopError `limit_cost` when a ceiling could be passed; then nobody is asked
   */
  begin(plan: CallPlan): Promise<void>;
  /** The call that was begun last gave no answer, and another may be made. */
  failed(failure: CallFailure): void;
}

/**
 * Puts the links of a manifest's `brain` together: one brain that a job asks. `openLink` is called when a link is first
 * asked, so a key that is missing for a fallback keeps nobody (weaknesses F5); what it throws comes out of `stream`.
 */
export type WrapBrain = (spec: BrainSpec, openLink: (link: BrainLink) => Promise<Brain>, calls: BrainCalls) => Brain;
