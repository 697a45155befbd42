import type { JournalFact } from "../job/journal.ts";
import type { CallPlan, PriorCall } from "../ports/brain-calls.ts";
import { spendOf } from "./follow-spend.ts";
import { type HandedSpend, inputOf, microsOf, tokensOf } from "./spend.ts";

/** Everything in a journal that counts against its job's ceilings: its own calls and what it handed on. */
export function journalSpent(journal: readonly JournalFact[]): HandedSpend {
  const own = spendOf(journal);
  let [tokens, usd_micros] = [tokensOf(own), microsOf(own)];
  for (const fact of journal) {
    if (fact.kind !== "child.result" || fact.spent === undefined) continue;
    tokens += fact.spent.tokens;
    usd_micros += fact.spent.usd_micros;
  }
  return { tokens, usd_micros };
}

/** The last call whose input a provider counted; what the next call's worst case begins with. */
export function priorCallOf(journal: readonly JournalFact[]): PriorCall | undefined {
  let plan: CallPlan | undefined;
  let prior: PriorCall | undefined;
  for (const fact of journal) {
    if (fact.kind === "brain.request") plan = fact.call;
    if (fact.kind !== "brain.response" || plan === undefined) continue;
    const isCounted = fact.usage.unreported !== true && fact.call?.cached !== true;
    const { provider, model, request_bytes } = plan;
    if (isCounted) prior = { provider, model, request_bytes, input_tokens: inputOf(fact.usage) };
    plan = undefined;
  }
  return prior;
}

/** The last text that the brain said; what a job that is stopped leaves as its result. */
export function lastTextOf(journal: readonly JournalFact[]): string | undefined {
  for (const fact of journal.toReversed()) {
    if (fact.kind !== "brain.response") continue;
    const text = fact.content.findLast((block) => block.type === "text" && block.text.trim() !== "");
    if (text?.type === "text") return text.text;
  }
  return undefined;
}
