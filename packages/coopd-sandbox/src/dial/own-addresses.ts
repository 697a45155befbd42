import { networkInterfaces } from "node:os";

/** Interfaces come and go; asking the kernel takes a tenth of a millisecond. */
const KEPT_MS = 2_000;

/** Tells the addresses of this host's own interfaces, at most two seconds old. */
export function createOwnAddresses(nowMs: () => number = () => performance.now()): (address: string) => boolean {
  let known: ReadonlySet<string> = new Set();
  let readAt = Number.NEGATIVE_INFINITY;
  return (address) => {
    if (nowMs() - readAt > KEPT_MS) {
      readAt = nowMs();
      known = new Set(Object.values(networkInterfaces()).flatMap((list) => list?.map((found) => found.address) ?? []));
    }
    return known.has(address);
  };
}
