import {
  admit,
  type Clock,
  fromInstant,
  type HenId,
  type Instant,
  type Log,
  PAGE_MAX,
  type Store,
  toInstant,
} from "coopd-core";
import type { Terminals } from "../terminals/terminals.ts";
import type { JobControl } from "./job-control.ts";
import type { Pens } from "./pens.ts";
import { isLostRace, RACES_MAX, readHen, readRunningJob } from "./read-hen.ts";

/** What leasing hens needs. */
export interface LeaseParts {
  readonly store: Store;
  readonly pens: Pens;
  readonly clock: Clock;
  readonly log: Log;
  readonly control: JobControl;
  /** No terminal crosses the border of a lease. */
  readonly terminals: Pick<Terminals, "reconcile">;
  /** Tells the dispatcher that a hen may have become able to work. */
  readonly ring: () => void;
}

/** A lease as it is asked for. */
export interface LeaseRequest {
  readonly renter: string;
  readonly leaseId: string;
  /** Null when only a release ends it. */
  readonly expiresAt: Instant | null;
}

/** setTimeout counts in 32 bits of milliseconds: a later end is looked at again after some 24 days. */
const TIMER_MS_MAX = 2_147_483_647;
/** A store that could not end a lease is asked again after this long, ms. */
const RETRY_MS = 1_000;

/**
 * Lets hens to others and takes them back. The ends of leases are in the store, so they hold over restarts; one timer
 * stands at the next of them, and nothing polls.
 */
export class Leases {
  readonly #parts: LeaseParts;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #arming: Promise<void> = Promise.resolve();
  #isClosed = false;

  constructor(parts: LeaseParts) {
    this.#parts = parts;
  }

  /** At start, before jobs run: ends what is over by now, and waits for the next end. @throws CoopError what the store throws */
  async restore(): Promise<void> {
    await this.#expire();
    await this.#arm();
  }

  /** @throws CoopError `hen_not_found`, `policy_denied`, `hen_busy`, `illegal_move`, `walls_missing`, `bad_request` (past) */
  async lease(id: HenId, { renter, leaseId, expiresAt }: LeaseRequest): Promise<void> {
    const { store, pens, clock } = this.#parts;
    const endsMs = expiresAt === null ? null : fromInstant(expiresAt);
    await this.#retryRaces(async () => {
      const hen = await readHen(this.#parts.store, id);
      const nowMs = clock.nowMs();
      const runningJobId = await readRunningJob(this.#parts.store, id);
      const { moves } = admit({ action: "lease", hen, walls: pens.walls, runningJobId, endsMs, nowMs });
      const lease = { kind: "leased_out", renter, lease_id: leaseId, expires_at: expiresAt } as const;
      await store.leaseHen({ id, from: hen.state, moves, lease, at: toInstant(nowMs) });
    });
    await this.#parts.terminals.reconcile(id);
    this.#parts.ring();
    await this.#arm();
  }

  /**
   * Ends the lease. With `force` the job that runs under it is cancelled, and the lease ends with it.
   * @throws CoopError `hen_not_found`, `illegal_move` (not leased), `hen_busy` without `force`
   */
  async release(id: HenId, force: boolean): Promise<void> {
    const { store, control } = this.#parts;
    await this.#retryRaces(async () => {
      const hen = await readHen(this.#parts.store, id);
      admit({ action: "release", hen, runningJobId: force ? null : await readRunningJob(this.#parts.store, id) });
      await store.releaseHen({ id, isForced: force, at: this.#now() });
    });
    if (force) await control.cancelAllOf(id, false);
    await this.#parts.terminals.reconcile(id);
    this.#parts.ring();
    await this.#arm();
  }

  /** Waits for no end any more; those that come meanwhile are seen at the next start. */
  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
  }

  /** One after the other, so that the timer stands at what was read last. */
  #arm(atLeastMs = 0): Promise<void> {
    this.#arming = this.#arming.then(async () => {
      const next = await this.#parts.store.nextLeaseEnd();
      clearTimeout(this.#timer);
      if (next === undefined || this.#isClosed) return;
      const waitMs = Math.max(atLeastMs, fromInstant(next) - this.#parts.clock.nowMs());
      this.#timer = setTimeout(() => void this.#atEnd(), Math.min(waitMs, TIMER_MS_MAX));
    });
    const armed = this.#arming;
    this.#arming = armed.catch(() => undefined);
    return armed;
  }

  async #atEnd(): Promise<void> {
    let waitMs = 0;
    try {
      await this.#expire();
      this.#parts.ring();
    } catch (error) {
      waitMs = RETRY_MS;
      this.#parts.log.error("a lease that is over could not be ended", { error, retry_ms: RETRY_MS });
    }
    await this.#arm(waitMs).catch((error) => this.#parts.log.error("the ends of leases cannot be read", { error }));
  }

  async #expire(): Promise<void> {
    while ((await this.#parts.store.expireLeases(this.#now())) === PAGE_MAX);
  }

  async #retryRaces(attempt: () => Promise<void>): Promise<void> {
    for (let race = 1; ; race += 1) {
      try {
        return await attempt();
      } catch (error) {
        const isFinal = !isLostRace(error) || race >= RACES_MAX;
        if (isFinal) throw error;
      }
    }
  }

  #now(): Instant {
    return toInstant(this.#parts.clock.nowMs());
  }
}
