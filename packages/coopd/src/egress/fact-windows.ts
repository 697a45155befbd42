import type { EgressFact, EgressOfJob, HenId } from "coopd-core";

/** One host, port and verdict of a hen is told at most once in this long, ms. */
export const WINDOW_MS = 10_000;
/**
 * What goes on and on is told ever more rarely, up to this: a poll every second would else push a farm's whole history out of
 * its million events within days.
 */
export const WINDOW_MS_MAX = 600_000;
/** Hosts of one hen that are told apart at a time; the rest of them is told as one, so that no hen can flood the others' events. */
const WINDOWS_PER_HEN_MAX = 20;

interface Window {
  readonly henId: HenId;
  readonly endsMs: number;
  readonly lengthMs: number;
  /** What came since the last telling; undefined while nothing did. */
  fact: EgressFact | undefined;
}

/** Makes few events of many rows: the first at once, what follows within the window as one with its count. */
export class FactWindows {
  readonly #windows = new Map<string, Window>();
  readonly #perHen = new Map<HenId, number>();

  /** True while something may still have to be told. */
  get isOpen(): boolean {
    return this.#windows.size > 0;
  }

  /** The fact to tell at once; undefined where it is counted for later. */
  add(row: EgressOfJob, nowMs: number): EgressFact | undefined {
    if (row.count === 0) return undefined; // only bytes of what was told of already
    const key = keyOf(row);
    const isCrowd = !this.#windows.has(key) && (this.#perHen.get(row.hen_id) ?? 0) >= WINDOWS_PER_HEN_MAX;
    return isCrowd
      ? this.#count(`many ${row.verdict} ${row.hen_id}`, toCrowd(row), nowMs)
      : this.#count(key, row, nowMs);
  }

  /** Ends the windows whose time is over; what came in them is told, and counts anew in a longer one. */
  close(nowMs: number): readonly EgressFact[] {
    const facts: EgressFact[] = [];
    for (const [key, { henId, endsMs, lengthMs, fact }] of this.#windows) {
      if (endsMs > nowMs) continue;
      if (fact === undefined) {
        this.#windows.delete(key);
        this.#addTo(henId, -1);
        continue;
      }
      facts.push(fact);
      const longer = Math.min(2 * lengthMs, WINDOW_MS_MAX);
      this.#windows.set(key, { henId, endsMs: nowMs + longer, lengthMs: longer, fact: undefined });
    }
    return facts;
  }

  #count(key: string, row: EgressOfJob, nowMs: number): EgressFact | undefined {
    const fact = toFact(row);
    const window = this.#windows.get(key);
    if (window !== undefined) {
      window.fact = { ...fact, count: fact.count + (window.fact?.count ?? 0) };
      return undefined;
    }
    this.#windows.set(key, { henId: row.hen_id, endsMs: nowMs + WINDOW_MS, lengthMs: WINDOW_MS, fact: undefined });
    this.#addTo(row.hen_id, 1);
    return fact;
  }

  #addTo(henId: HenId, change: number): void {
    const count = (this.#perHen.get(henId) ?? 0) + change;
    if (count === 0) this.#perHen.delete(henId);
    else this.#perHen.set(henId, count);
  }
}

function keyOf({ hen_id, host, port, verdict }: EgressOfJob): string {
  return JSON.stringify([hen_id, host, port, verdict]);
}

function toCrowd(row: EgressOfJob): EgressOfJob {
  const reason = "more hosts than are told one by one; the egress log has them";
  return {
    ...row,
    host: "*",
    port: 0,
    code: row.verdict === "denied" ? "quota" : null,
    rule: null,
    reason,
    next: null,
  };
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
