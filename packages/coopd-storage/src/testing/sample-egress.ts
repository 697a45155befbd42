import type { EgressFact, EgressOfJob, HenId } from "coopd-core";
import { at } from "./samples.ts";

/** A denial of `api.example.org`, or what a test wants of it. */
export function sampleEgress(hen_id: HenId, wishes: Partial<EgressOfJob> = {}): EgressOfJob {
  return {
    hen_id,
    at: at(),
    via: "connect",
    host: "api.example.org",
    port: 443,
    method: null,
    path: null,
    verdict: "denied",
    code: "no_rule",
    rule: null,
    reason: "no rule names it",
    allow: "api.example.org:443",
    address: null,
    bytes_up: 0,
    bytes_down: 0,
    count: 1,
    job_id: null,
    next: `coop hen allow ${hen_id} api.example.org:443`,
    ...wishes,
  };
}

/** What watchers are told of a row. */
export function toFact(row: EgressOfJob): EgressFact {
  const { hen_id, job_id, host, port, via, code, rule, reason, next, count } = row;
  const type = row.verdict === "denied" ? "egress_denied" : "egress_allowed";
  return { type, hen_id, job_id, host, port, via, code, rule, reason, next, count };
}
