import { addSpend, type CallPlan, followSpend, type HenId, type JournalFact, NO_SPEND, type Spend } from "coopd-core";
import type { NewCall } from "../../spend/single-calls.ts";
import { requireHen } from "./oracle-hens.ts";
import type { JobRecord, OracleState } from "./oracle-state.ts";

/** What calls that belong to no job can be asked. Ceilings are core's, and not a part of the random calls. */
export const SPEND_CALLS = {
  beginCall(state: OracleState, { id, henId, plan }: NewCall): undefined {
    requireHen(state, henId);
    state.calls.set(id, { henId, plan });
  },

  endCall(state: OracleState, { id, fact }: { readonly id: string; readonly fact: JournalFact }): undefined {
    const open = state.calls.get(id);
    if (open === undefined) return;
    state.calls.delete(id);
    charge(state, open, fact);
  },
};

/** A new daemon finds calls of one that is gone. */
export function loseCalls(state: OracleState): void {
  for (const open of state.calls.values()) charge(state, open, LOST);
  state.calls.clear();
}

const LOST: JournalFact = { kind: "settled", status: "FAILED", result: null, error: null, error_code: null };

function charge(state: OracleState, open: { readonly henId: HenId; readonly plan: CallPlan }, fact: JournalFact): void {
  const record = requireHen(state, open.henId);
  record.singles = addSpend(record.singles, followSpend(open.plan, fact).charge?.spend ?? NO_SPEND);
}

/** Worked out anew from the journal; a call that the job's own claim has under way is not spent yet. */
export function spendOfJob({ journal, epoch, job }: JobRecord): Spend {
  let open: { readonly plan: CallPlan; readonly epoch: number } | undefined;
  let sum = NO_SPEND;
  const add = (plan: CallPlan | undefined, fact: JournalFact) => {
    const step = followSpend(plan, fact);
    sum = addSpend(sum, step.charge?.spend ?? NO_SPEND);
    return step.open;
  };
  for (const entry of journal) {
    if (open !== undefined && entry.epoch !== open.epoch) open = void add(open.plan, LOST);
    const next = add(open?.plan, entry);
    open = next === undefined ? undefined : { plan: next, epoch: entry.epoch };
  }
  const isLive = job.status === "RUNNING" && open?.epoch === epoch;
  if (open !== undefined && !isLive) add(open.plan, LOST);
  return sum;
}

/** What a hen has spent in its whole life, as long as no job of it was removed. */
export function spendOfHen(state: OracleState, id: HenId): Spend {
  const jobs = [...state.jobs.values()].filter(({ job }) => job.hen_id === id);
  return jobs.reduce((sum, record) => addSpend(sum, spendOfJob(record)), state.hens.get(id)?.singles ?? NO_SPEND);
}
