import {
  type Claim,
  type Clock,
  type HenId,
  type HenNeed,
  type HenWant,
  type Instant,
  type Store,
  toInstant,
} from "coopd-core";

/** What keeping wants needs. */
export interface WantParts {
  readonly store: Store;
  readonly clock: Clock;
  /** Tells the dispatcher that a hen may have become able to work. */
  readonly ring: () => void;
}

/**
 * Knows which hens lack something, so that their jobs wait instead of failing. The store holds those hens' queues; why it
 * does is known only here, and found out anew by each daemon, since a restart may have brought what was lacking.
 */
export class Wants {
  readonly #parts: WantParts;
  readonly #byHen = new Map<HenId, HenWant & { readonly since: Instant }>();
  readonly #met: Record<HenNeed, number> = { vault: 0, walls: 0 };

  constructor(parts: WantParts) {
    this.#parts = parts;
  }

  /** What the hen lacks; undefined while nothing is known to keep its jobs. */
  of(id: HenId): HenWant | undefined {
    return this.#byHen.get(id);
  }

  /** Every hen that lacks something, and since when. */
  all(): readonly (readonly [HenId, HenWant & { readonly since: Instant }])[] {
    return [...this.#byHen];
  }

  /** Hens that lack this. */
  hensIn(needs: HenNeed): readonly HenId[] {
    return [...this.#byHen].filter(([, want]) => want.needs === needs).map(([id]) => id);
  }

  /** To be taken before a need is looked into and given back to {@link park}. */
  mark(): Readonly<Record<HenNeed, number>> {
    return { ...this.#met };
  }

  /**
   * Puts a claimed job back into its queue until the need is met. Should it have been met between `mark` and now, the hen is
   * let go again at once: nobody else would. @throws CoopError what `Store.park` throws
   */
  async park({ job, hen, epoch }: Claim, want: HenWant, mark: Readonly<Record<HenNeed, number>>): Promise<void> {
    const { store, clock } = this.#parts;
    const text = `waits for ${want.needs}: ${want.reason}`;
    const at = toInstant(clock.nowMs());
    this.#byHen.set(hen.id, { ...want, since: at });
    await store.park({ jobId: job.id, epoch, at, facts: [{ kind: "note", text }], needs: want.needs });
    if (this.#met[want.needs] !== mark[want.needs]) await this.#letGo(hen.id, want.needs);
  }

  /** The need may be met now: every hen that waits for it is let go, and lacks it again if it was not. */
  async meet(needs: HenNeed): Promise<void> {
    this.#met[needs] += 1;
    await Promise.all(this.hensIn(needs).map((id) => this.#letGo(id, needs)));
  }

  /** The hen is gone; another of its name begins without wants. */
  forget(id: HenId): void {
    this.#byHen.delete(id);
  }

  async #letGo(id: HenId, needs: HenNeed): Promise<void> {
    const want = this.#byHen.get(id);
    if ((await this.#parts.store.hen(id)) !== undefined) await this.#parts.store.holdHen(id, needs, false);
    // After the write, so that a full disk leaves the hen to the next meeting; and not a want that is newer than it.
    if (this.#byHen.get(id) === want) this.#byHen.delete(id);
    this.#parts.ring();
  }
}
