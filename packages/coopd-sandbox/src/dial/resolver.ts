import { lookup } from "node:dns/promises";
import { CoopError } from "coopd-core";

/**
 * Addresses of a name, in the order in which they should be tried; empty when there is none.
 * @throws CoopError `timeout`, `limit_reached`; the signal's reason when it is aborted
 */
export type Resolve = (name: string, signal: AbortSignal) => Promise<readonly string[]>;

/** What a resolver may use. */
export interface ResolverLimits {
  /** Lookups under way. A name server that does not answer holds its lookup for long; others go on beside it. */
  readonly lookupsAtOnce: number;
  /** Names that wait for a lookup; beyond it they are refused at once. */
  readonly waitingMax: number;
  /** From asking to an answer, waiting included. */
  readonly timeoutMs: number;
}

const LIMITS: ResolverLimits = { lookupsAtOnce: 64, waitingMax: 256, timeoutMs: 5_000 };

/**
 * The host's own resolver (hosts file, resolv.conf), bounded. Those who ask for the same name while it is looked up share the
 * answer; nothing is kept. A lookup cannot be taken back: its place is free when it ends, also when nobody waits any more.
 */
export function createResolver(
  limits: Partial<ResolverLimits> = {},
  ask: (name: string) => Promise<readonly string[]> = askSystem,
): Resolve {
  const { lookupsAtOnce, waitingMax, timeoutMs } = { ...LIMITS, ...limits };
  const underWay = new Map<string, Promise<readonly string[]>>();
  const waiting: (() => void)[] = [];
  let busy = 0;

  async function take(name: string): Promise<readonly string[]> {
    if (busy >= lookupsAtOnce) {
      if (waiting.length >= waitingMax) throw new CoopError("limit_reached", "too many names are being looked up");
      await new Promise<void>((free) => waiting.push(free)); // the place is handed over: `busy` stays
    } else busy += 1;
    try {
      return await ask(name);
    } finally {
      const next = waiting.shift();
      if (next === undefined) busy -= 1;
      else next();
    }
  }

  function share(name: string): Promise<readonly string[]> {
    const found = underWay.get(name);
    if (found !== undefined) return found;
    const started = take(name).finally(() => underWay.delete(name));
    started.catch(() => {}); // it may fail when nobody waits for it any more
    underWay.set(name, started);
    return started;
  }

  return (name, signal) => within(share(name), timeoutMs, signal, `${name} was not looked up within ${timeoutMs} ms`);
}

async function askSystem(name: string): Promise<readonly string[]> {
  try {
    return (await lookup(name, { all: true, verbatim: true })).map(({ address }) => address);
  } catch (error) {
    if (NO_SUCH_NAME.has((error as NodeJS.ErrnoException).code ?? "")) return [];
    throw error;
  }
}

const NO_SUCH_NAME: ReadonlySet<string> = new Set([
  "ENOTFOUND",
  "ENODATA",
  "EAI_NONAME",
  "EAI_NODATA",
  "DNS_ENOTFOUND",
  "DNS_ENODATA",
]);

/** The promise, or `timeout`, or the signal's reason; leaves no timer and no listener behind. */
async function within<T>(promise: Promise<T>, timeoutMs: number, signal: AbortSignal, words: string): Promise<T> {
  signal.throwIfAborted();
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new CoopError("timeout", words)), timeoutMs);
  const abort = () => reject(signal.reason);
  signal.addEventListener("abort", abort, { once: true });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", abort);
  }
}
