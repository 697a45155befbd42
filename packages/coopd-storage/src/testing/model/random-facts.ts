import type { CallPlan, JobUsage, JournalFact } from "coopd-core";
import { jobId } from "../samples.ts";
import type { Random } from "./random.ts";

/** Notes, with model calls between them in any order: also answers that nobody asked for, and calls that were given up. */
export function randomFacts(random: Random): JournalFact[] {
  const spending = Array.from({ length: random.below(3) }, () => randomSpending(random));
  return [...randomNotes(random), ...spending, ...randomNotes(random)];
}

export function randomNotes(random: Random): JournalFact[] {
  return Array.from({ length: random.below(4) }, () => ({ kind: "note", text: `n${random.below(99)}` }));
}

export function randomUsage(random: Random): JobUsage {
  const tokens = () => random.below(1_000);
  return {
    input_tokens: tokens(),
    output_tokens: tokens(),
    cache_tokens: tokens(),
    cache_write_tokens: tokens(),
  };
}

export function randomPlan(random: Random): CallPlan {
  const usd_micros = random.chance(0.8) ? random.below(5_000) : null;
  const worst = { input_tokens: random.below(900), output_tokens: 40, usd_micros };
  return { provider: "anthropic", model: random.pick(["m1", "m2"]) ?? "m1", request_bytes: 900, worst };
}

/** A fact that the sums of spending look at. */
export function randomSpending(random: Random): JournalFact {
  const plan = randomPlan(random);
  const { provider, model } = plan;
  switch (random.below(5)) {
    case 0:
    case 1:
      return { kind: "brain.request", turn: 1, sha256: "", call: plan };
    case 2: {
      const failure = { error_code: "brain_unavailable", error: "gone", may_be_charged: random.chance(0.5) } as const;
      return { kind: "brain.failed", turn: 1, provider, model, ...failure };
    }
    case 3: {
      const call = { provider, model, usd_micros: random.chance(0.8) ? random.below(5_000) : null };
      const answer = { content: [], finish_reason: "end_turn", latency_ms: 1 } as const;
      return { kind: "brain.response", turn: 1, ...answer, usage: randomUsage(random), call };
    }
    default: {
      const spent = { tokens: random.below(99), usd_micros: random.below(99) };
      return { kind: "child.result", turn: 1, call_id: "c1", job_id: jobId(0), status: "DONE", spent };
    }
  }
}
