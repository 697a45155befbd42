import {
  type CallPlan,
  type CeilingRule,
  type HenId,
  refuseOverCeilings,
  type ScopeSpend,
  type SpendScope,
} from "coopd-core";
import type { Scope } from "../rows/scope.ts";

/** Whose next call it is, and when. The caller has no other call open: what it had is charged or given up. */
export interface CallPlace {
  readonly henId: HenId;
  readonly day: number;
}

const SPENT = `SELECT coalesce(sum(input_tokens + cache_tokens + cache_write_tokens + output_tokens + uncertain_tokens), 0) AS tokens,
  coalesce(sum(usd_micros + uncertain_usd_micros), 0) AS usd_micros FROM spend`;
const RESERVED = `SELECT coalesce(sum(tokens), 0) AS tokens, coalesce(sum(usd_micros), 0) AS usd_micros FROM open_calls`;

interface Sums {
  readonly tokens: number;
  readonly usd_micros: number;
}

/**
 * Asks the rule with sums of this very transaction, so two calls can never both pass where only one fits.
 * @throws CoopError `limit_cost`
 */
export function refuseCall(scope: Scope, place: CallPlace, rules: readonly CeilingRule[], plan: CallPlan): void {
  const sums = new Map<SpendScope, ScopeSpend>();
  const spentIn = (of: SpendScope) => {
    const known = sums.get(of) ?? readScope(scope, of, place);
    sums.set(of, known);
    return known;
  };
  refuseOverCeilings(rules, spentIn, plan.worst);
}

function readScope(scope: Scope, of: SpendScope, { henId, day }: CallPlace): ScopeSpend {
  const places: Readonly<Record<Exclude<SpendScope, "job">, string>> = {
    hen: "hen_id = $henId",
    hen_day: "hen_id = $henId AND day = $day",
    farm_day: "day = $day",
  };
  if (of === "job") throw new Error("a job's own ceilings are held by its journal, not by the store");
  const values = { ...(of === "farm_day" ? {} : { henId }), ...(of === "hen" ? {} : { day }) };
  const spent = scope.sql.get<Sums>(`${SPENT} WHERE ${places[of]}`, values);
  const reserved = scope.sql.get<Sums>(`${RESERVED} WHERE ${places[of]}`, values);
  return {
    tokens: spent?.tokens ?? 0,
    usd_micros: spent?.usd_micros ?? 0,
    reserved_tokens: reserved?.tokens ?? 0,
    reserved_usd_micros: reserved?.usd_micros ?? 0,
  };
}
