import { formatIp, type IpBytes, parseIp } from "./ip-address.ts";

/** Why an address is not reached. */
export interface AddressFault {
  /** What the address is, as words that follow "is": `a private address (10.0.0.0/8)`. */
  readonly reason: string;
  /** True for what people run servers on: a rule with `private: true` that names the host opens it. Else nothing does. */
  readonly mayBeOpened: boolean;
}

/**
 * Why an address is never reached; null when it is a public one. Anything that is no address, IPv6 with a zone included, is not.
 * Source: the IANA special-purpose registries, IPv4 and IPv6, and the addresses at which clouds hand out credentials. Stricter
 * than the registries: protocol anycast (192.0.0.9, 2001:1::1 and neighbours) and every transition form but NAT64's
 * well-known prefix are refused, for no server lives there only.
 */
export function judgeAddress(text: string): AddressFault | null {
  const bytes = parseIp(text);
  if (bytes === null) return never("no address");
  return bytes.length === 4 ? judgeIpv4(bytes) : judgeIpv6(bytes);
}

interface Block {
  readonly prefix: IpBytes;
  readonly bits: number;
  readonly fault: AddressFault;
}

function never(reason: string): AddressFault {
  return { reason, mayBeOpened: false };
}

function block(cidr: string, what: string, mayBeOpened = false): Block {
  const [address = "", bits = ""] = cidr.split("/");
  return { prefix: parseIp(address) ?? [], bits: Number(bits), fault: { reason: `${what} (${cidr})`, mayBeOpened } };
}

/** The first row that holds counts. */
const IPV4_BLOCKS: readonly Block[] = [
  block("168.63.129.16/32", "a cloud's metadata service"),
  block("100.100.100.200/32", "a cloud's metadata service"),
  block("169.254.0.0/16", "a link-local address, where clouds hand out credentials"),
  block("0.0.0.0/8", "this network"),
  block("10.0.0.0/8", "a private address", true),
  block("100.64.0.0/10", "a shared (carrier) address", true),
  block("127.0.0.0/8", "a loopback address", true),
  block("172.16.0.0/12", "a private address", true),
  block("192.0.0.0/24", "a protocol's own address"),
  block("192.0.2.0/24", "a documentation address"),
  block("192.88.99.0/24", "a 6to4 relay"),
  block("192.168.0.0/16", "a private address", true),
  block("198.18.0.0/15", "a benchmarking address"),
  block("198.51.100.0/24", "a documentation address"),
  block("203.0.113.0/24", "a documentation address"),
  block("224.0.0.0/4", "a multicast address"),
  block("255.255.255.255/32", "the broadcast address"),
  block("240.0.0.0/4", "a reserved address"),
];

/** Where an IPv4 address hides inside an IPv6 one; Teredo writes it inverted. */
interface Carrier {
  /** The byte at which it starts. */
  readonly at: number;
  readonly isInverted: boolean;
}

function carrier(cidr: string, what: string, at: number, isInverted = false): Block & Carrier {
  return { ...block(cidr, what), at, isInverted };
}

/** The first row that holds counts. */
const IPV6_BLOCKS: readonly (Block & Partial<Carrier>)[] = [
  block("::/128", "the unspecified address"),
  block("::1/128", "the loopback address", true),
  carrier("::ffff:0:0/96", "IPv4-mapped", 12),
  carrier("::ffff:0:0:0/96", "IPv4-translated", 12),
  carrier("::/96", "IPv4-compatible", 12),
  carrier("64:ff9b:1::/48", "local NAT64", 12),
  carrier("2001::/32", "Teredo", 12, true),
  carrier("2002::/16", "6to4", 2),
  block("fd00:ec2::/32", "a cloud's metadata service"),
  block("fc00::/7", "a private address", true),
  block("fe80::/10", "a link-local address"),
  block("ff00::/8", "a multicast address"),
  block("2001::/23", "a protocol's own address"),
  block("2001:db8::/32", "a documentation address"),
  block("3fff::/20", "a documentation address"),
];

/** Of IPv6 only 2000::/3 is handed out (IANA IPv6 address space registry). */
const GLOBAL_UNICAST = block("2000::/3", "");
/** What a resolver of an IPv6-only network answers for hosts that have IPv4 only (RFC 6052). */
const NAT64 = block("64:ff9b::/96", "NAT64");

function judgeIpv4(bytes: IpBytes): AddressFault | null {
  return IPV4_BLOCKS.find((row) => isWithin(bytes, row))?.fault ?? null;
}

function judgeIpv6(bytes: IpBytes): AddressFault | null {
  if (isWithin(bytes, NAT64)) {
    const fault = judgeIpv4(bytes.slice(12));
    return fault === null ? null : never(`a NAT64 address with ${formatIp(bytes.slice(12))} inside, ${fault.reason}`);
  }
  const known = IPV6_BLOCKS.find((row) => isWithin(bytes, row));
  if (known?.at !== undefined) {
    const inside = bytes.slice(known.at, known.at + 4).map((byte) => (known.isInverted ? byte ^ 0xff : byte));
    return never(`an address that carries ${formatIp(inside)} inside, ${known.fault.reason}`);
  }
  if (known !== undefined) return known.fault;
  return isWithin(bytes, GLOBAL_UNICAST) ? null : never("an address of a block that is not handed out");
}

function isWithin(bytes: IpBytes, { prefix, bits }: Block): boolean {
  for (let index = 0; index * 8 < bits; index += 1) {
    const mask = (0xff << Math.max(0, 8 - (bits - index * 8))) & 0xff;
    if (((bytes[index] ?? 0) & mask) !== ((prefix[index] ?? 0) & mask)) return false;
  }
  return true;
}
