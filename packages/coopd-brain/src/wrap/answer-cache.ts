import type { BrainResponse } from "coopd-core";

/** What an answer cache may hold. */
export interface CacheLimits {
  readonly entriesMax: number;
  /** UTF-8 bytes of requests and answers together. */
  readonly bytesMax: number;
}

interface Entry {
  readonly request: string;
  readonly answer: string;
  readonly bytes: number;
}

/** Some hundred jobs' worth of turns, in what a phone would not miss. */
const DEFAULT_LIMITS: CacheLimits = { entriesMax: 1_000, bytesMax: 64 * 1024 * 1024 };

/**
 * Answers by the whole request that they were given for, one for the whole farm (weaknesses F1). An entry is found by the
 * request's SHA-256 and given only when the request itself is the same, text by text. The one that was used longest ago
 * goes first. It lives in memory: a new daemon begins with none.
 */
export class AnswerCache {
  readonly #limits: CacheLimits;
  readonly #entries = new Map<string, Entry>();
  #bytes = 0;

  constructor(limits: CacheLimits = DEFAULT_LIMITS) {
    this.#limits = limits;
  }

  get size(): { readonly entries: number; readonly bytes: number } {
    return { entries: this.#entries.size, bytes: this.#bytes };
  }

  /** The answer to exactly this request. */
  get(request: string): BrainResponse | undefined {
    const key = keyOf(request);
    const entry = this.#entries.get(key);
    if (entry === undefined || entry.request !== request) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, entry); // used last, so it goes last
    return JSON.parse(entry.answer) as BrainResponse;
  }

  /** Keeps an answer; one that is larger than the whole cache is not kept. */
  put(request: string, response: BrainResponse): void {
    const key = keyOf(request);
    const answer = JSON.stringify(response);
    const bytes = Buffer.byteLength(request) + Buffer.byteLength(answer);
    this.#drop(key);
    if (bytes > this.#limits.bytesMax) return;
    this.#entries.set(key, { request, answer, bytes });
    this.#bytes += bytes;
    for (const oldest of this.#entries.keys()) {
      const isFull = this.#entries.size > this.#limits.entriesMax || this.#bytes > this.#limits.bytesMax;
      if (!isFull) break;
      this.#drop(oldest);
    }
  }

  #drop(key: string): void {
    const entry = this.#entries.get(key);
    if (entry === undefined) return;
    this.#entries.delete(key);
    this.#bytes -= entry.bytes;
  }
}

function keyOf(request: string): string {
  return new Bun.CryptoHasher("sha256").update(request).digest("hex");
}
