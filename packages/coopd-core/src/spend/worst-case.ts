import type { PriorCall, WorstCase } from "../ports/brain-calls.ts";
import { type ModelPrice, worstCostOf } from "./price.ts";

/** What the worst case of a call is told by. */
export interface CallSize {
  /** UTF-8 bytes of the request as JSON. */
  readonly requestBytes: number;
  readonly maxTokens: number;
  /** The job's last counted call, when the same model answered it. */
  readonly prior: PriorCall | undefined;
  /** Undefined where it is not known. */
  readonly contextWindow: number | undefined;
  readonly price: ModelPrice | undefined;
}

/**
 * The most that a call can use. A token stands for at least one byte, so a request never has more tokens than bytes; behind
 * a call that was counted, only what was added since is taken by bytes. No model reads more than its context window.
 */
export function worstCaseOf({ requestBytes, maxTokens, prior, contextWindow, price }: CallSize): WorstCase {
  // A request that became shorter is another one, and the count of the former says nothing about it.
  const isLonger = prior !== undefined && requestBytes >= prior.request_bytes;
  const bytes = isLonger ? prior.input_tokens + requestBytes - prior.request_bytes : requestBytes;
  const input = Math.min(bytes, contextWindow ?? bytes);
  return {
    input_tokens: input,
    output_tokens: maxTokens,
    usd_micros: price === undefined ? null : worstCostOf({ input, output: maxTokens }, price),
  };
}
