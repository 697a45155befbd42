import type { FarmCounts, HenState } from "coopd-core";
import { lastEventSeq } from "../events/event-row.ts";
import type { Scope } from "../rows/scope.ts";

/** The farm in figures: hens and their sums from tables with a row a hen, jobs from counters that every move keeps. */
export function counts(scope: Scope): FarmCounts {
  const states = scope.sql.all<{ state: HenState; count: number }>(
    "SELECT state, count(*) AS count FROM hens WHERE state <> 'DAMAGED' GROUP BY state",
  );
  const farm = scope.sql.get<{ queued: number; running: number }>("SELECT queued, running FROM farm");
  const ended = scope.sql.get<FarmCounts["ended"]>(
    "SELECT total(done) AS done, total(failed) AS failed, total(cancelled) AS cancelled FROM hen_usage",
  );
  return {
    hensByState: Object.fromEntries(states.map(({ state, count }) => [state, count])),
    queued: farm?.queued ?? 0,
    running: farm?.running ?? 0,
    ended: { done: ended?.done ?? 0, failed: ended?.failed ?? 0, cancelled: ended?.cancelled ?? 0 },
    eventSeq: lastEventSeq(scope),
  };
}
