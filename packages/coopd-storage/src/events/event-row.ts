import { type FarmEvent, type FarmFact, toInstant } from "coopd-core";
import { readBody } from "../rows/damaged-row.ts";
import type { Scope } from "../rows/scope.ts";

/** An event as every read selects it. */
export interface EventRow {
  readonly seq: number;
  readonly at_ms: number;
  readonly body: string;
}

/** @throws DamagedRow */
export function toEvent(row: EventRow): FarmEvent {
  const fact = readBody<FarmFact>("events", String(row.seq), row.body, { type: "text" });
  return { ...fact, seq: row.seq, at: toInstant(row.at_ms) };
}

/** Adds a fact behind the last event. */
export function insertEvent(scope: Scope, fact: FarmFact, atMs: number): FarmEvent {
  const seq = scope.sql.insert("INSERT INTO events (at_ms, body) VALUES ($atMs, $body)", {
    atMs,
    body: JSON.stringify(fact),
  });
  return { ...fact, seq, at: toInstant(atMs) };
}

/** The newest seq that was ever given, also when its row was pruned; 0 before the first. */
export function lastEventSeq(scope: Scope): number {
  return scope.sql.get<{ seq: number }>("SELECT seq FROM sqlite_sequence WHERE name = 'events'")?.seq ?? 0;
}
