import {
  type CallPlan,
  type CeilingRule,
  dayOf,
  followSpend,
  type HenId,
  henNotFound,
  type Instant,
  type JournalFact,
} from "coopd-core";
import { readState } from "../hens/hen-row.ts";
import type { WriteScope } from "../rows/scope.ts";
import { addCharge } from "./charge.ts";
import { closeCall, openCall, openCallNamed } from "./open-calls.ts";
import { refuseCall } from "./scope-spend.ts";

/** What {@link beginCall} is asked. */
export interface NewCall {
  /** Unique over all calls. */
  readonly id: string;
  readonly henId: HenId;
  readonly at: Instant;
  readonly plan: CallPlan;
  readonly rules: readonly CeilingRule[];
}

/** Reserves a call that belongs to no job, for a hen. @throws CoopError `limit_cost`, `hen_not_found` */
export function beginCall(scope: WriteScope, { id, henId, at, plan, rules }: NewCall): void {
  if (readState(scope, henId) === undefined) throw henNotFound(henId);
  const place = { jobNo: null, henId, day: dayOf(at) };
  refuseCall(scope, place, rules, plan);
  openCall(scope, { ...place, id, plan });
}

/**
 * Charges what the call used. One that is not open any more was charged at its worst case, as its hen was deleted or the
 * daemon that made it was gone, and is left alone.
 */
export function endCall(
  scope: WriteScope,
  { id, henId, fact }: { readonly id: string; readonly henId: HenId; readonly fact: JournalFact },
): void {
  const open = openCallNamed(scope, id);
  if (open === undefined) return;
  closeCall(scope, open.no);
  const { charge } = followSpend(open.plan, fact);
  if (charge === undefined) return;
  const { provider, model, spend } = charge;
  addCharge(scope, { day: open.day, henId, provider, model }, spend);
}
