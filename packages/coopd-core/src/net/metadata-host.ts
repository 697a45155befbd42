/**
 * True for the addresses and names at which clouds hand out their machines' credentials; nothing else lives there.
 * The host must be canonical, as `new URL(…).hostname` gives it: that step turns every other spelling of an IPv4
 * address (octal, hexadecimal, one number, full-width digits) into this one (weaknesses C10).
 */
export function isMetadataHost(hostname: string): boolean {
  const host = hostname.toLowerCase().replace(/\.+$/, "");
  if (METADATA_NAMES.has(host) || isMetadataV4(host)) return true;
  return host.startsWith("[") && isMetadataV6(host.slice(1, -1));
}

/** Google's and Azure's names, and the bare name that Google's resolver completes. */
const METADATA_NAMES: ReadonlySet<string> = new Set([
  "metadata",
  "metadata.google.internal",
  "metadata.goog",
  "metadata.azure.internal",
  "instance-data",
  "instance-data.ec2.internal",
]);

/** Link-local as a whole (RFC 3927; EC2, ECS, Google, Azure, OpenStack), Alibaba, Azure's wire server, Oracle's classic one. */
function isMetadataV4(host: string): boolean {
  return host.startsWith("169.254.") && IPV4.test(host)
    ? true
    : host === "100.100.100.200" || host === "168.63.129.16" || host === "192.0.0.192";
}

const IPV4 = /^\d+\.\d+\.\d+\.\d+$/;

/** EC2's `fd00:ec2::/32`, and the IPv4 ones inside mapped, compatible, NAT64 and 6to4 forms. */
function isMetadataV6(address: string): boolean {
  const groups = expand(address);
  if (groups === undefined) return false;
  if (groups[0] === 0xfd00 && groups[1] === 0x0ec2) return true;
  const low = toV4(groups[6], groups[7]);
  const isMapped = groups.slice(0, 5).every((group) => group === 0) && (groups[5] === 0xffff || groups[5] === 0);
  const isNat64 = groups[0] === 0x64 && groups[1] === 0xff9b;
  if ((isMapped || isNat64) && isMetadataV4(low)) return true;
  return groups[0] === 0x2002 && isMetadataV4(toV4(groups[1], groups[2]));
}

function toV4(high = 0, low = 0): string {
  return `${high >> 8}.${high & 0xff}.${low >> 8}.${low & 0xff}`;
}

/** The eight groups of a canonical IPv6 address, which never has a dotted tail (RFC 5952). */
function expand(address: string): readonly number[] | undefined {
  const [head = "", tail] = address.split("::");
  const left = head === "" ? [] : head.split(":");
  const right = tail === undefined || tail === "" ? [] : tail.split(":");
  const missing = 8 - left.length - right.length;
  if (tail === undefined ? missing !== 0 : missing < 0) return undefined;
  const groups = [...left, ...Array<string>(missing).fill("0"), ...right].map((group) => Number.parseInt(group, 16));
  return groups.every((group) => group >= 0 && group <= 0xffff) ? groups : undefined;
}
