/** One job's place among those that run at once on the farm. */
export interface FarmSlot {
  /** Gives the place up while the job only waits for another. */
  park(): void;
  /** Takes a place again, before any new claim; at once when the signal is aborted, so that a job can always end. */
  comeBack(signal: AbortSignal): Promise<void>;
  /** The job has ended. */
  release(): void;
}

/**
 * Counts the jobs that run at once. A job that waits for a child holds no place, or parents could fill the farm and no
 * child would ever run. Those that come back are first, or a full queue would keep finished work from being used.
 */
export class FarmSlots {
  readonly #max: number;
  readonly #onFree: () => void;
  readonly #returning = new Set<() => void>();
  #taken = 0;

  /** `onFree` is called whenever a new claim may have become possible. */
  constructor(max: number, onFree: () => void) {
    this.#max = max;
    this.#onFree = onFree;
  }

  /** How many jobs may be claimed now. */
  free(): number {
    return this.#returning.size > 0 ? 0 : Math.max(0, this.#max - this.#taken);
  }

  /** How many jobs may run, and how many do or are being begun. */
  places(): { readonly taken: number; readonly max: number } {
    return { taken: this.#taken, max: this.#max };
  }

  /** Keeps all free places for a claim that is under way; the answer gives back those that it did not fill. */
  reserve(): { readonly count: number; readonly fill: (used: number) => void } {
    const count = this.free();
    this.#taken += count;
    return {
      count,
      fill: (used) => {
        this.#taken -= count - used;
        this.#letBack();
      },
    };
  }

  /** A place of its own for a job that goes on from before, also beyond the limit: it runs already. */
  takeOver(): FarmSlot {
    this.#taken += 1;
    return this.slot();
  }

  /** The place of a job that a reservation was filled with. */
  slot(): FarmSlot {
    let isHeld = true;
    const give = () => {
      if (!isHeld) return;
      isHeld = false;
      this.#taken -= 1;
      this.#letBack();
      this.#onFree();
    };
    return {
      park: give,
      release: give,
      comeBack: async (signal) => {
        if (isHeld) return;
        await this.#place(signal);
        isHeld = true;
      },
    };
  }

  #place(signal: AbortSignal): Promise<void> {
    if (signal.aborted || (this.#returning.size === 0 && this.#taken < this.#max)) {
      this.#taken += 1;
      return Promise.resolve();
    }
    return new Promise((resolve) => {
      const take = () => {
        this.#returning.delete(take);
        signal.removeEventListener("abort", take);
        this.#taken += 1;
        resolve();
      };
      this.#returning.add(take);
      signal.addEventListener("abort", take, { once: true });
    });
  }

  #letBack(): void {
    for (const take of this.#returning) {
      if (this.#taken >= this.#max) return;
      take();
    }
  }
}
