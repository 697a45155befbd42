import type { EgressFact, EgressOfJob } from "coopd-core";

/** One host, port and verdict of a hen is told at most once in this long, ms. */
export const WINDOW_MS = 10_000;
/** Hosts of all hens that are told of one by one at a time; what is beyond is in the log alone, as it is told of here. */
const WINDOWS_MAX = 10_000;

interface Window {
  readonly endsMs: number;
  /** What came since the last telling; undefined while nothing did. */
  fact: EgressFact | undefined;
}

/** Makes few events of many rows: the first at once, what follows within the window as one with its count. */
export class FactWindows {
  readonly #windows = new Map<string, Window>();

  /** True while something may still have to be told. */
  get isOpen(): boolean {
    return this.#windows.size > 0;
  }

  /** The fact to tell at once; undefined where it is counted for later. */
  add(row: EgressOfJob, nowMs: number): EgressFact | undefined {
    if (row.count === 0) return undefined; // only bytes of what was told of already
    const key = JSON.stringify([row.hen_id, row.host, row.port, row.verdict]);
    const fact = toFact(row);
    const window = this.#windows.get(key);
    if (window !== undefined) {
      window.fact = { ...fact, count: fact.count + (window.fact?.count ?? 0) };
      return undefined;
    }
    if (this.#windows.size >= WINDOWS_MAX) return undefined;
    this.#windows.set(key, { endsMs: nowMs + WINDOW_MS, fact: undefined });
    return fact;
  }

  /** Ends the windows whose time is over, or all of them; what came in them is told, and counts anew from then on. */
  close(nowMs: number): readonly EgressFact[] {
    const facts: EgressFact[] = [];
    for (const [key, { endsMs, fact }] of this.#windows) {
      if (endsMs > nowMs) continue;
      this.#windows.delete(key);
      if (fact === undefined) continue;
      facts.push(fact);
      this.#windows.set(key, { endsMs: nowMs + WINDOW_MS, fact: undefined });
    }
    return facts;
  }
}

function toFact({
  hen_id,
  job_id,
  host,
  port,
  via,
  verdict,
  code,
  rule,
  reason,
  next,
  count,
}: EgressOfJob): EgressFact {
  const type = verdict === "denied" ? "egress_denied" : "egress_allowed";
  return { type, hen_id, job_id, host, port, via, code, rule, reason, next, count };
}
