/** The bytes of an address in network order: 4 of IPv4, 16 of IPv6. */
export type IpBytes = readonly number[];

/** Reads one spelling of each family: four decimal numbers, or RFC 4291 text without brackets and zone; null for all else. */
export function parseIp(text: string): IpBytes | null {
  return text.includes(":") ? parseIpv6(text) : parseIpv4(text);
}

/** RFC 5952 for IPv6, dotted decimals for IPv4; the inverse of {@link parseIp}. IPv4 inside IPv6 is written in hexadecimal. */
export function formatIp(bytes: IpBytes): string {
  if (bytes.length === 4) return bytes.join(".");
  const groups = Array.from({ length: 8 }, (_, index) => ((bytes[2 * index] ?? 0) << 8) | (bytes[2 * index + 1] ?? 0));
  const zeros = longestZeros(groups);
  const toText = (part: readonly number[]) => part.map((group) => group.toString(16)).join(":");
  if (zeros.length < 2) return toText(groups);
  return `${toText(groups.slice(0, zeros.start))}::${toText(groups.slice(zeros.start + zeros.length))}`;
}

/** Decimal only and without leading zeros, which some readers take as octal. */
const IPV4 = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/;

function parseIpv4(text: string): IpBytes | null {
  return IPV4.test(text) ? text.split(".").map(Number) : null;
}

/** The longest spelling has 45 characters: six groups and a dotted tail. */
const IPV6_CHARS_MAX = 45;

function parseIpv6(text: string): IpBytes | null {
  if (text.length > IPV6_CHARS_MAX) return null;
  const halves = text.split("::");
  if (halves.length > 2) return null;
  const [head, tail] = halves.map((half, index) => parseGroups(half, index === halves.length - 1));
  if (head === undefined || head === null || tail === null) return null;
  if (tail === undefined) return head.length === 16 ? head : null;
  const missing = 16 - head.length - tail.length;
  return missing >= 2 ? [...head, ...Array<number>(missing).fill(0), ...tail] : null;
}

/** Groups between colons as bytes; a dotted tail may stand last. */
function parseGroups(text: string, mayEndDotted: boolean): readonly number[] | null {
  if (text === "") return [];
  const parts = text.split(":");
  const bytes: number[] = [];
  for (const [index, part] of parts.entries()) {
    if (/^[0-9a-f]{1,4}$/i.test(part)) {
      const group = Number.parseInt(part, 16);
      bytes.push(group >> 8, group & 0xff);
      continue;
    }
    const dotted = mayEndDotted && index === parts.length - 1 ? parseIpv4(part) : null;
    if (dotted === null) return null;
    bytes.push(...dotted);
  }
  return bytes.length <= 16 ? bytes : null;
}

function longestZeros(groups: readonly number[]): { readonly start: number; readonly length: number } {
  let best = { start: 0, length: 0 };
  for (let start = 0; start < groups.length; start += 1) {
    let end = start;
    while (groups[end] === 0) end += 1;
    if (end - start > best.length) best = { start, length: end - start };
  }
  return best;
}
