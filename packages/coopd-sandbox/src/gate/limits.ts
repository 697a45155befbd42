import { totalmem } from "node:os";

/** What one hen may take of the gate; each with its reason. */
export interface GateLimits {
  /** Connections of a hen that are let out at once (contract/tools-sandbox.md §5.2); npm uses fifteen. */
  readonly connectionsMax: number;
  /** Beyond those: so many are still heard out and told why not; more are reset unheard. */
  readonly refusedMax: number;
  /** New connections a second over time; a page or an install opens some dozens at once. */
  readonly newPerSecond: number;
  readonly newBurst: number;
  /** Names that may be made out at once for one hen, so that a dead name server is not everybody's. */
  readonly dialsMax: number;
  /** Without a byte either way a connection is cut; what long polls and idle shells live with. */
  readonly idleMs: number;
  /** From the first byte to a whole request head, SOCKS request or ClientHello. */
  readonly headMs: number;
  /** Left to a client to read the last bytes and close. */
  readonly lingerMs: number;
  /** Names with an address in the hen's namespace; the one that was used least recently makes room. */
  readonly namesMax: number;
  readonly queriesPerSecond: number;
  readonly queriesBurst: number;
  /** How often idle ones are looked for. */
  readonly sweepMs: number;
  /** Bytes of all hens that were read and not taken yet; beyond it the hen with most of them loses a connection. */
  readonly heldBytesMax: number;
  /** Equal records within this are one; 0 tells each at once, for a log that joins and bounds them itself. */
  readonly logWindowMs: number;
}

/** What holds when nothing else is said. */
export const GATE_LIMITS: GateLimits = {
  connectionsMax: 64,
  refusedMax: 32,
  newPerSecond: 64,
  newBurst: 256,
  dialsMax: 16,
  idleMs: 5 * 60_000,
  headMs: 30_000,
  lingerMs: 5_000,
  namesMax: 4_096,
  queriesPerSecond: 200,
  queriesBurst: 1_000,
  sweepMs: 2_000,
  logWindowMs: 10_000,
  heldBytesMax: Math.min(256 * 1024 * 1024, Math.floor(totalmem() / 16)),
};

/** Lets `perSecond` through over time and `burst` at once. */
export function createRate(perSecond: number, burst: number, nowMs: () => number): () => boolean {
  let left = burst;
  let at = nowMs();
  return () => {
    const now = nowMs();
    left = Math.min(burst, left + (Math.max(0, now - at) * perSecond) / 1000);
    at = now;
    if (left < 1) return false;
    left -= 1;
    return true;
  };
}
