import type { EgressOfJob, HenId } from "coopd-core";

/** Rows of one hen between two writes: more than any honest program asks for in half a second. */
const ROWS_PER_HEN_MAX = 200;
/** Rows of all hens, should the disk take none: some 10 MB. */
const ROWS_MAX = 20_000;

/** Rows on their way to the store. */
export class RowBuffer {
  #rows = new Map<string, EgressOfJob>();
  readonly #perHen = new Map<HenId, number>();

  get size(): number {
    return this.#rows.size;
  }

  /**
   * Adds a row, or its counts to an equal one. Where a hen has too many, those that are no equal of any become one row whose
   * reason says so, so that a flood of names costs its sender its details and nothing goes uncounted.
   */
  add(row: EgressOfJob): void {
    const key = keyOf(row);
    const ofHen = this.#perHen.get(row.hen_id) ?? 0;
    const isFull = ofHen >= ROWS_PER_HEN_MAX || this.#rows.size >= ROWS_MAX;
    if (this.#rows.has(key) || !isFull) this.#put(key, row);
    else this.#put(`more ${row.verdict} ${row.hen_id}`, toOverflow(row)); // bounded by hens: let in whatever the bound
  }

  #put(key: string, row: EgressOfJob): void {
    const known = this.#rows.get(key);
    if (known === undefined) this.#perHen.set(row.hen_id, (this.#perHen.get(row.hen_id) ?? 0) + 1);
    this.#rows.set(key, known === undefined ? row : joined(known, row));
  }

  /** Everything, in order of arrival; the buffer is empty then. */
  take(): readonly EgressOfJob[] {
    const rows = [...this.#rows.values()];
    this.#rows = new Map();
    this.#perHen.clear();
    return rows;
  }
}

function keyOf(row: EgressOfJob): string {
  const { hen_id, job_id, via, host, port, method, path, verdict, code, rule, address } = row;
  return JSON.stringify([hen_id, job_id, via, host, port, method, path, verdict, code, rule, address]);
}

function joined(one: EgressOfJob, other: EgressOfJob): EgressOfJob {
  return {
    ...one,
    count: one.count + other.count,
    bytes_up: one.bytes_up + other.bytes_up,
    bytes_down: one.bytes_down + other.bytes_down,
  };
}

/** What many rows together still say: whose, which verdict, how many. */
function toOverflow(row: EgressOfJob): EgressOfJob {
  const { hen_id, at, verdict, count, bytes_up, bytes_down } = row;
  return {
    hen_id,
    at,
    via: "tcp",
    host: "*",
    port: 0,
    method: null,
    path: null,
    verdict,
    code: verdict === "denied" ? "quota" : null,
    rule: null,
    reason: "more at once than is kept one by one",
    allow: null,
    address: null,
    bytes_up,
    bytes_down,
    count,
    job_id: null,
    next: null,
  };
}
