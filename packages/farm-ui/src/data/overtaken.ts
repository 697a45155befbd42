/**
 * A read's answer says how things were when the farm wrote it, and what happened since may have come by the other line, before it:
 * put on top of that it would be old, and stay. Whatever is heard of while rows are being read is therefore read once more.
 */
export class Overtaken {
  readonly #again: (id: string) => void;
  readonly #heard = new Set<string>();
  #reads = 0;

  /** @param again reads one row, soon */
  constructor(again: (id: string) => void) {
    this.#again = again;
  }

  /** Something was heard of this row. */
  heard(id: string): void {
    if (this.#reads > 0) this.#heard.add(id);
  }

  /** Does a read of rows; what it rejects with is passed on. */
  async during<T>(read: () => Promise<T>): Promise<T> {
    this.#reads += 1;
    try {
      return await read();
    } finally {
      this.#reads -= 1;
      const heard = [...this.#heard];
      if (this.#reads === 0) this.#heard.clear(); // another read may hold still older rows
      for (const id of heard) this.#again(id);
    }
  }
}
