import { type CeilingRule, dayOfMs, followSpend, type HenId, type JournalFact } from "coopd-core";
import type { WriteScope } from "../rows/scope.ts";
import { addCharge, addJobCost } from "./charge.ts";
import { closeCall, type OpenCall, openCall, openCallOf } from "./open-calls.ts";
import { refuseCall } from "./scope-spend.ts";

/** The job whose journal the facts stand in. */
export interface CountedJob {
  readonly no: number;
  readonly hen_id: HenId;
}

const COUNTED: ReadonlySet<JournalFact["kind"]> = new Set([
  "brain.request",
  "brain.failed",
  "brain.response",
  "child.result",
  "settled",
]);

/**
 * Brings the sums to where the journal is, in the transaction that writes the facts: what a call used is charged, the next
 * call's worst case is reserved. A call that a former daemon left open was charged at its worst case when the job was taken
 * over, and is not charged again. @throws CoopError `limit_cost` when a `brain.request` could pass one of `rules`
 */
export function countFacts(
  scope: WriteScope,
  job: CountedJob,
  facts: readonly JournalFact[],
  { atMs, rules }: { readonly atMs: number; readonly rules?: readonly CeilingRule[] },
): void {
  const counted = facts.filter(({ kind }) => COUNTED.has(kind));
  if (counted.length === 0) return;
  const today = dayOfMs(atMs);
  let open = openCallOf(scope, job.no);
  for (const fact of counted) {
    if (fact.kind === "child.result") {
      countHanded(scope, job.no, fact);
      continue;
    }
    const step = followSpend(open?.plan, fact);
    if (step.charge !== undefined) {
      const { provider, model, spend } = step.charge;
      addCharge(scope, { day: open?.day ?? today, henId: job.hen_id, provider, model }, spend);
      addJobCost(scope, job.no, spend);
    }
    if (open !== undefined) closeCall(scope, open.no);
    open = undefined;
    if (step.open === undefined) continue;
    const place = { jobNo: job.no, henId: job.hen_id, day: today };
    refuseCall(scope, place, rules ?? [], step.open);
    open = {
      no: openCall(scope, { ...place, id: null, plan: step.open }),
      day: today,
      plan: step.open,
    } satisfies OpenCall;
  }
}

function countHanded(scope: WriteScope, jobNo: number, fact: Extract<JournalFact, { kind: "child.result" }>): void {
  if (fact.spent === undefined) return;
  scope.sql.run(
    `UPDATE jobs SET handed_tokens = handed_tokens + $tokens, handed_usd_micros = handed_usd_micros + $usd_micros
     WHERE no = $jobNo`,
    { jobNo, ...fact.spent },
  );
}
