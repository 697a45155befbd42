import { CoopError, type FarmEvent } from "coopd-core";
import { type Answer, type FromWorker, fromWireError, type WorkerCounts } from "./messages.ts";
import type { CallName } from "./names.ts";

/** Calls that may wait at once: a farm of 200,000 queued jobs has some 500 runners and clients, so this is a flood. */
export const CALLS_MAX = 10_000;
/** Characters of all waiting calls together; 128 Mi is 500 prompts of the largest size, and half a GB at the worst. */
export const CHARS_MAX = 134_217_728;

/** The outside of a queue. */
export interface CallQueueParts {
  /** Sends the texts of calls to the worker, as one message. */
  readonly post: (calls: readonly string[]) => void;
  readonly onEvents: (events: readonly FarmEvent[]) => void;
}

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: CoopError) => void;
  readonly chars: number;
}

type Answers = Extract<FromWorker, { kind: "answers" }>;

/**
 * Calls on their way to the worker and back. Calls of one turn of the event loop are sent as one message; what arrives at
 * the worker while it commits shares the next commit.
 */
export class CallQueue {
  readonly #parts: CallQueueParts;
  readonly #waiting = new Map<number, Waiting>();
  #unsent: string[] = [];
  #chars = 0;
  #lastId = 0;
  #fault: CoopError | undefined;
  #counts: WorkerCounts = { commits: 0, writes: 0, reads: 0, batchMax: 0 };

  constructor(parts: CallQueueParts) {
    this.#parts = parts;
  }

  /** Calls that have no answer yet. */
  get size(): number {
    return this.#waiting.size;
  }

  get counts(): WorkerCounts {
    return this.#counts;
  }

  /** @throws CoopError (as a rejection) what the operation throws; `store_unavailable` beyond the limits */
  call(name: CallName, args: readonly unknown[]): Promise<unknown> {
    if (this.#fault !== undefined) return Promise.reject(this.#fault);
    this.#lastId += 1;
    const id = this.#lastId;
    const text = JSON.stringify({ id, name, args });
    if (this.#waiting.size >= CALLS_MAX || this.#chars + text.length > CHARS_MAX) {
      return Promise.reject(this.#overload());
    }
    return new Promise((resolve, reject) => {
      this.#chars += text.length;
      this.#waiting.set(id, { resolve, reject, chars: text.length });
      // Behind whatever else this turn of the event loop has to say: one message and, in the worker, one commit for all of it.
      if (this.#unsent.length === 0) setImmediate(() => this.#send());
      this.#unsent.push(text);
    });
  }

  /** Events first, then the answers that stand on the same commit. */
  receive({ answers, events, counts }: Answers): void {
    this.#counts = counts;
    if (events.length > 0) this.#parts.onEvents(events);
    for (const answer of answers) this.#settle(answer);
  }

  /** The worker is gone or closed: every call under way and every later one is refused with this. */
  fail(error: CoopError): void {
    this.#fault ??= error;
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    this.#chars = 0;
    for (const { reject } of waiting) reject(error);
  }

  /** Refuses later calls; those under way are answered. What waits to be sent is sent. */
  close(error: CoopError): void {
    this.#fault ??= error;
    this.#send();
  }

  #send(): void {
    const calls = this.#unsent;
    if (calls.length === 0) return;
    this.#unsent = [];
    this.#parts.post(calls);
  }

  #settle(answer: Answer): void {
    const waiting = this.#waiting.get(answer.id);
    if (waiting === undefined) return; // refused by `fail` before its answer came
    this.#waiting.delete(answer.id);
    this.#chars -= waiting.chars;
    if ("error" in answer) waiting.reject(fromWireError(answer.error));
    else waiting.resolve(answer.value);
  }

  #overload(): CoopError {
    return new CoopError("store_unavailable", "the disk cannot keep up: too many calls wait for it", {
      next: "Try again in a moment.",
      details: { waiting: this.#waiting.size, waiting_max: CALLS_MAX, chars: this.#chars, chars_max: CHARS_MAX },
    });
  }
}
