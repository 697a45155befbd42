import { type CoopClient, pause, type WatchItem } from "coop-client";
import { CoopError, type JobProgress } from "coopd-core";

/** Why a job is worth another look. */
export type Ring =
  /** Its status changed, or may have while nobody listened. */
  | { readonly kind: "changed" }
  | { readonly kind: "progress"; readonly progress: JobProgress }
  /** Nothing rang for as long as was asked, or listening was given up. */
  | { readonly kind: "silence" };

export interface BellParts {
  readonly client: CoopClient;
  readonly jobId: string;
  /** Ends the listening: from then on there is silence. */
  readonly signal: AbortSignal;
  /** Where events cannot be watched it rings this often by itself, ms. */
  readonly intervalMs: number;
  /** Called when the connection breaks off; it is opened again for up to a minute. */
  readonly onLost?: (reason: string) => void;
}

const SILENCE: Ring = { kind: "silence" };
const CHANGED: Ring = { kind: "changed" };

/**
 * Rings when a watched farm says something about one job. It rings once when the watch is open, so that who looks only
 * when it rings misses nothing. Rings that nobody waited for become one. Whoever opens it closes it.
 */
export class JobBell {
  readonly #parts: BellParts;
  readonly #stop = new AbortController();
  readonly #signal: AbortSignal;
  #ring: Ring | undefined;
  #wake: (() => void) | undefined;
  #failure: CoopError | undefined;
  #isOpen = false;
  #isDeaf = false;

  constructor(parts: BellParts) {
    this.#parts = parts;
    this.#signal = AbortSignal.any([parts.signal, this.#stop.signal]);
    void this.#listen();
  }

  /** The next ring, waited for at most `withinMs`. @throws CoopError `unreachable` when the daemon was never there, or stays away */
  async next(withinMs?: number): Promise<Ring> {
    if (this.#ring === undefined && !this.#isOver()) await this.#wait(withinMs);
    const ring = this.#ring;
    this.#ring = undefined;
    if (ring !== undefined) return ring;
    if (this.#failure !== undefined && !this.#signal.aborted) throw this.#failure;
    return SILENCE;
  }

  close(): void {
    this.#stop.abort();
  }

  #isOver(): boolean {
    return this.#failure !== undefined || this.#signal.aborted;
  }

  async #wait(withinMs: number | undefined): Promise<void> {
    const timer = withinMs === undefined ? undefined : setTimeout(() => this.#wake?.(), withinMs);
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
    this.#wake = undefined;
    clearTimeout(timer);
  }

  #strike(ring: Ring): void {
    if (this.#ring?.kind !== "changed") this.#ring = ring; // a change is never drowned by progress
    this.#wake?.();
  }

  async #listen(): Promise<void> {
    const { client } = this.#parts;
    try {
      for await (const item of client.watch({ signal: this.#signal })) this.#hear(item);
    } catch (error) {
      const failure = error instanceof CoopError ? error : new CoopError("internal", String(error), { cause: error });
      this.#isDeaf = !this.#isOpen && failure.code !== "unreachable";
      if (!this.#isDeaf) this.#failure = failure;
    }
    while (this.#isDeaf && !this.#signal.aborted) {
      this.#strike(CHANGED);
      await pause(this.#parts.intervalMs, this.#signal);
    }
    this.#wake?.();
  }

  #hear(item: WatchItem): void {
    if (item.type === "link_opened") this.#isOpen = true;
    if (item.type === "link_lost") this.#parts.onLost?.(item.reason);
    if (item.type === "link_opened" || item.type === "gap") this.#strike(CHANGED);
    if (item.type === "job_status_changed" && item.job_id === this.#parts.jobId) this.#strike(CHANGED);
    if (item.type === "job_progress" && item.job_id === this.#parts.jobId) {
      this.#strike({ kind: "progress", progress: item });
    }
  }
}
