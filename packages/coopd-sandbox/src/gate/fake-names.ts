import { type IpBytes, parseIp } from "coopd-core";

/**
 * Gives each name an address of its own in 127.1.0.0/16, so that a connection to it says which name was meant, also where the
 * protocol does not. Addresses go round: one that was given up is not used again for as long as possible.
 */
export interface FakeNames {
  /** The address of a canonical name; the same one as long as the name is remembered. */
  addressOf(name: string): IpBytes;
  /** The name behind an address; undefined for one that nobody was given. */
  nameOf(address: string): string | undefined;
}

/** 127.1.0.1 to 127.1.255.254. */
const ADDRESSES = 65_534;

/** Remembers `max` names at the most; the one that was used least recently is forgotten first. */
export function createFakeNames(max: number): FakeNames {
  /** In order of use, the oldest first. */
  const byName = new Map<string, number>();
  const byNumber = new Map<number, string>();
  let last = 0;

  function take(): number {
    do last = (last % ADDRESSES) + 1;
    while (byNumber.has(last));
    return last;
  }

  function use(name: string, number: number): void {
    byName.delete(name);
    byName.set(name, number);
    byNumber.set(number, name);
  }

  return {
    addressOf(name) {
      const number = byName.get(name) ?? take();
      use(name, number);
      const [oldest] = byName;
      if (byName.size > max && oldest !== undefined) {
        byName.delete(oldest[0]);
        byNumber.delete(oldest[1]);
      }
      return [127, 1, number >> 8, number & 0xff];
    },
    nameOf(address) {
      const bytes = parseIp(address);
      if (bytes?.length !== 4 || bytes[0] !== 127 || bytes[1] !== 1) return undefined;
      const number = ((bytes[2] ?? 0) << 8) | (bytes[3] ?? 0);
      const name = byNumber.get(number);
      if (name !== undefined) use(name, number);
      return name;
    },
  };
}
