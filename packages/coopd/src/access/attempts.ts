/** A window begins with its first failure (contract/http-api.md §2.3). */
const WINDOW_MS = 60_000;
/** Peers that are kept count of; beyond, the one whose window began first makes way. */
const PEERS_MAX = 10_000;

/** Wrong credentials by where they came from (control D6): header, query, cookie and login alike. */
export class Attempts {
  readonly #budget: number;
  readonly #nowMs: () => number;
  readonly #peers = new Map<string, { readonly sinceMs: number; count: number; readonly stale: Set<string> }>();

  /** `budget` failures a window and peer; `nowMs` never steps back. */
  constructor(budget: number, nowMs: () => number) {
    this.#budget = budget;
    this.#nowMs = nowMs;
  }

  /** True when this peer has used up its budget. */
  isOver(peer: string): boolean {
    return (this.#current(peer)?.count ?? 0) >= this.#budget;
  }

  /** Seconds until it may try again. */
  waitSecs(peer: string): number {
    const found = this.#current(peer);
    return found === undefined ? 0 : Math.max(1, Math.ceil((found.sinceMs + WINDOW_MS - this.#nowMs()) / 1000));
  }

  /**
   * Counts a wrong credential. `stale`: a cookie, which a browser goes on sending by itself after a logout; the same one
   * again is no new guess.
   */
  fail(peer: string, stale?: string): void {
    const key = toPeerKey(peer);
    let found = this.#current(peer);
    if (found === undefined) {
      found = { sinceMs: this.#nowMs(), count: 0, stale: new Set() };
      this.#peers.delete(key);
      if (this.#peers.size >= PEERS_MAX) this.#peers.delete(this.#peers.keys().next().value ?? "");
      this.#peers.set(key, found);
    }
    if (stale !== undefined && found.stale.has(stale)) return;
    if (stale !== undefined && found.stale.size < this.#budget) found.stale.add(stale);
    found.count += 1;
  }

  /** After a right login: what was mistyped before it does not count any more. */
  forgive(peer: string): void {
    this.#peers.delete(toPeerKey(peer));
  }

  /** How many peers are kept count of. */
  get size(): number {
    return this.#peers.size;
  }

  #current(peer: string) {
    const found = this.#peers.get(toPeerKey(peer));
    return found !== undefined && this.#nowMs() - found.sinceMs < WINDOW_MS ? found : undefined;
  }
}

/** An IPv6 peer has a whole /64 to try from, so that is what counts. */
function toPeerKey(peer: string): string {
  const plain = peer.replace(/^::ffff:(?=\d+\.)/, "");
  if (!plain.includes(":")) return plain;
  const [head = "", tail] = plain.split("::");
  const groups = head.split(":").filter((group) => group !== "");
  const missing = tail === undefined ? 0 : 8 - groups.length - tail.split(":").filter((group) => group !== "").length;
  return [...groups, ...Array(missing).fill("0")].slice(0, 4).join(":");
}
