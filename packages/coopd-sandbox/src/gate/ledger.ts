import { type Clock, type EgressRecord, type HenId, toInstant } from "coopd-core";

/** What is told of one connection or request; time and sums are the ledger's. */
export type EgressNote = Omit<EgressRecord, "at">;

/** Turns notes into records, equal ones within a window into one. Whoever opens it closes it. */
export interface Ledger {
  note(note: EgressNote): void;
  /** Writes what waits and lets the timer go; what is noted later is told at once. */
  close(): void;
}

/** Kinds of a hen that are told apart at once; a hen that asks for more of them gets lines without path and method. */
const KINDS_OF_HEN_MAX = 256;

interface Line {
  readonly note: EgressNote;
  count: number;
  up: number;
  down: number;
  /** Something came since it was told last. */
  waits: boolean;
  until: number;
}

/**
 * The gate's ledger: the first of a kind is told at once, what follows within `windowMs` as one line behind it; with a window of
 * 0 each is told at once. Bounded however many different things a hen asks for, and without a count lost: sums go on.
 */
export function createLedger(record: (record: EgressRecord) => void, clock: Clock, windowMs: number): Ledger {
  return new Lines(record, clock, windowMs);
}

class Lines implements Ledger {
  readonly #record: (record: EgressRecord) => void;
  readonly #clock: Clock;
  readonly #windowMs: number;
  readonly #lines = new Map<string, Line>();
  readonly #kinds = new Map<HenId, number>();
  #timer: ReturnType<typeof setInterval> | undefined;
  #isClosed = false;

  constructor(record: (record: EgressRecord) => void, clock: Clock, windowMs: number) {
    this.#record = record;
    this.#clock = clock;
    this.#windowMs = windowMs;
  }

  note(given: EgressNote): void {
    if (this.#isClosed || this.#windowMs === 0) {
      this.#tell(given);
      return;
    }
    const note = this.#coarse(given);
    const key = keyOf(note);
    const line = this.#lines.get(key);
    if (line !== undefined) {
      line.count += note.count;
      line.up += note.bytes_up;
      line.down += note.bytes_down;
      line.waits = true;
      return;
    }
    this.#lines.set(key, { note, count: 0, up: 0, down: 0, waits: false, until: this.#clock.nowMs() + this.#windowMs });
    this.#kinds.set(note.hen_id, (this.#kinds.get(note.hen_id) ?? 0) + 1);
    this.#timer ??= setInterval(() => this.#sweep(), Math.max(1, this.#windowMs / 10));
    this.#tell(note);
  }

  close(): void {
    this.#isClosed = true;
    for (const line of this.#lines.values()) if (line.waits) this.#flush(line);
    this.#lines.clear();
    this.#kinds.clear();
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** What a note is filed under when its hen has too many kinds already. */
  #coarse(note: EgressNote): EgressNote {
    const known = this.#kinds.get(note.hen_id) ?? 0;
    if (known < KINDS_OF_HEN_MAX || this.#lines.has(keyOf(note))) return note;
    const plain = { ...note, method: null, path: null, address: null };
    if (known < 2 * KINDS_OF_HEN_MAX || this.#lines.has(keyOf(plain))) return plain;
    return { ...plain, host: "*", port: 0, rule: null, allow: null, reason: "many hosts; they are counted as one" };
  }

  #tell(note: EgressNote): void {
    this.#record({ ...note, at: toInstant(this.#clock.nowMs()) });
  }

  #flush(line: Line): void {
    this.#tell({ ...line.note, count: line.count, bytes_up: line.up, bytes_down: line.down });
    Object.assign(line, { count: 0, up: 0, down: 0, waits: false, until: this.#clock.nowMs() + this.#windowMs });
  }

  #sweep(): void {
    const now = this.#clock.nowMs();
    for (const [key, line] of this.#lines) {
      if (line.until > now) continue;
      if (line.waits) this.#flush(line);
      else this.#forget(key, line.note.hen_id);
    }
    if (this.#lines.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #forget(key: string, henId: HenId): void {
    this.#lines.delete(key);
    const left = (this.#kinds.get(henId) ?? 1) - 1;
    if (left === 0) this.#kinds.delete(henId);
    else this.#kinds.set(henId, left);
  }
}

function keyOf({ hen_id, via, host, port, method, path, verdict, code, address }: EgressNote): string {
  return [hen_id, via, host, port, method, path, verdict, code, address].join(" ");
}
