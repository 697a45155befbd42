import type { JournalFact } from "../job/journal.ts";
import type { CallPlan } from "../ports/brain-calls.ts";
import { addSpend, inputOf, NO_SPEND, type Spend } from "./spend.ts";

/** What a fact adds to the sums, and whose model it was; the names are empty in journals of before calls were priced. */
export interface Charge {
  readonly provider: string;
  readonly model: string;
  readonly spend: Spend;
}

/** A call under way, and what the fact that led here has charged. */
export interface SpendStep {
  readonly open: CallPlan | undefined;
  readonly charge: Charge | undefined;
}

/**
 * Follows a job's spending from fact to fact. A call that was begun and has no end in the journal may have been answered,
 * and charged, without anybody here knowing: it is counted at its worst case as soon as something else follows it.
 */
export function followSpend(open: CallPlan | undefined, fact: JournalFact): SpendStep {
  switch (fact.kind) {
    case "brain.request":
      return { open: fact.call, charge: lostCharge(open) };
    case "brain.failed":
      return { open: undefined, charge: fact.may_be_charged ? lostCharge(open) : undefined };
    case "brain.response":
      // The farm's own cache answers without a call; one that is open then was lost with a former daemon.
      return { open: undefined, charge: fact.call?.cached === true ? lostCharge(open) : answerCharge(fact) };
    case "settled":
      return { open: undefined, charge: lostCharge(open) };
    default:
      return { open, charge: undefined };
  }
}

/** What a whole journal adds up to; a call that it leaves open is counted as lost. */
export function spendOf(journal: readonly JournalFact[]): Spend {
  let open: CallPlan | undefined;
  let sum = NO_SPEND;
  for (const fact of journal) {
    const step = followSpend(open, fact);
    open = step.open;
    if (step.charge !== undefined) sum = addSpend(sum, step.charge.spend);
  }
  const lost = lostCharge(open);
  return lost === undefined ? sum : addSpend(sum, lost.spend);
}

/** A call whose end nobody knows. */
export function lostCharge(open: CallPlan | undefined): Charge | undefined {
  if (open === undefined) return undefined;
  const { provider, model, worst } = open;
  return { provider, model, spend: uncertain(worst.input_tokens + worst.output_tokens, worst.usd_micros) };
}

function uncertain(tokens: number, usdMicros: number | null): Spend {
  const cost = usdMicros === null ? { unpriced_tokens: tokens } : { uncertain_usd_micros: usdMicros };
  return { ...NO_SPEND, uncertain_tokens: tokens, ...cost };
}

function answerCharge({ usage, call }: Extract<JournalFact, { kind: "brain.response" }>): Charge {
  const names = { provider: call?.provider ?? "", model: call?.model ?? "" };
  const { input_tokens, output_tokens, cache_tokens, cache_write_tokens = 0 } = usage;
  const counted = { ...NO_SPEND, calls: 1, input_tokens, output_tokens, cache_tokens, cache_write_tokens };
  if (call?.at_most !== undefined) {
    const { tokens, usd_micros } = call.at_most;
    return { ...names, spend: addSpend(counted, uncertain(tokens, usd_micros)) };
  }
  const micros = call?.usd_micros ?? null;
  const cost = micros === null ? { unpriced_tokens: inputOf(usage) + output_tokens } : { usd_micros: micros };
  return { ...names, spend: { ...counted, ...cost } };
}
