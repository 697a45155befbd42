import { describe, expect, test } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { formatIp, type IpBytes, parseIp } from "./ip-address.ts";
import { judgeAddress } from "./judge-address.ts";

describe("addresses at which nothing of others is", () => {
  const REASONS: readonly (readonly [address: string, words: string, mayBeOpened: boolean])[] = [
    ["127.0.0.1", "loopback", true],
    ["10.1.2.3", "private", true],
    ["192.168.0.1", "private", true],
    ["100.64.0.1", "shared", true],
    ["::1", "loopback", true],
    ["fd12::1", "private", true],
    ["169.254.169.254", "hand out credentials", false],
    ["100.100.100.200", "metadata", false],
    ["168.63.129.16", "metadata", false],
    ["fd00:ec2::254", "metadata", false],
    ["0.0.0.0", "this network", false],
    ["224.0.0.251", "multicast", false],
    ["255.255.255.255", "broadcast", false],
    ["::ffff:127.0.0.1", "carries 127.0.0.1 inside, IPv4-mapped", false],
    ["::10.0.0.1", "carries 10.0.0.1 inside, IPv4-compatible", false],
    ["64:ff9b::a00:1", "10.0.0.1 inside, a private address", false],
    ["2002:a00:1::", "carries 10.0.0.1 inside, 6to4", false],
    ["2001:0:4136:e378:8000:63bf:f5ff:fffe", "carries 10.0.0.1 inside, Teredo", false],
    ["fe80::1", "link-local", false],
    ["fe80::1%eth0", "no address", false],
    ["localhost", "no address", false],
    ["", "no address", false],
    ["1234::", "not handed out", false],
  ];
  for (const [address, words, mayBeOpened] of REASONS) {
    test(`${address || "nothing"}: ${words}`, () => {
      const fault = judgeAddress(address);
      expect(fault?.reason).toContain(words);
      expect(fault?.mayBeOpened).toBe(mayBeOpened);
    });
  }
});

test("public addresses are public, one behind NAT64 too", () => {
  const open = ["8.8.8.8", "1.1.1.1", "2606:4700::1111", "2a00:1450:4001:81b::200e", "64:ff9b::8.8.8.8"];
  expect(open.map(judgeAddress)).toEqual(open.map(() => null));
});

interface Row {
  readonly first: IpBytes;
  readonly last: IpBytes;
  readonly bits: number;
  readonly isReachable: boolean;
  readonly name: string;
}

const REGISTRIES = ["ipv4", "ipv6"].map((family) =>
  join(import.meta.dir, `../../../../../shared/fixtures/url/iana-${family}-special-registry.csv`),
);

const skips = !REGISTRIES.every((path) => existsSync(path));
if (skips) console.warn("SKIP 2 tests of the IANA registries: ../shared/fixtures/url is not there");

/** Where we are stricter than the registry: protocol anycast in reserved blocks, NAT64 of a private address, the deprecated. */
const STRICTER = [
  "64:ff9b::",
  "192.0.0.9",
  "192.0.0.10",
  "192.88.99.",
  "2001:1::",
  "2001:3:",
  "2001:4:112",
  "2001:2",
  "2001:3f:",
  "2001:30:",
];

describe.skipIf(skips)("at the edges of the IANA registries", () => {
  for (const path of REGISTRIES) {
    const rows = existsSync(path) ? readRows(path) : [];
    test(`${rows.length} blocks of ${path.slice(path.lastIndexOf("/") + 1)}: first, last, and the ones beside`, () => {
      expect(rows.length).toBeGreaterThan(20);
      for (const row of rows) {
        for (const bytes of [row.first, row.last, step(row.first, -1), step(row.last, 1)]) {
          if (bytes === null) continue;
          const text = formatIp(bytes);
          const isOpen = judgeAddress(text) === null;
          const isPublic = isReachable(rows, bytes);
          if (isOpen) expect(`${row.name}: ${text} ${isPublic}`).toBe(`${row.name}: ${text} true`);
          else if (isPublic) expect(`${text} ${isStricter(text)}`).toBe(`${text} true`);
        }
      }
    });
  }
});

/** The longest block that holds the address decides; outside of all, IPv4 below multicast and IPv6 of 2000::/3 are public. */
function isReachable(rows: readonly Row[], bytes: IpBytes): boolean {
  const holding = rows.filter((row) => compare(row.first, bytes) <= 0 && compare(bytes, row.last) <= 0);
  const [nearest] = holding.toSorted((a, b) => b.bits - a.bits);
  if (nearest !== undefined) return nearest.isReachable;
  const first = bytes[0] ?? 0;
  return bytes.length === 4 ? first < 224 : first >= 0x20 && first < 0x40;
}

function isStricter(text: string): boolean {
  return STRICTER.some((start) => text.startsWith(start));
}

function readRows(path: string): readonly Row[] {
  const lines = readFileSync(path, "utf8").trim().split("\n").slice(1);
  return lines.flatMap((line) => {
    const cells = [...line.matchAll(/"([^"]*)"|([^,]+)|(?<=,)(?=,)/g)].map((match) => match[1] ?? match[2] ?? "");
    return (cells[0] ?? "").split(", ").map((cidr) => toRow(cidr, cells[8] === "True", cells[1] ?? ""));
  });
}

function toRow(cidr: string, isReachableRow: boolean, name: string): Row {
  const [address = "", bits = ""] = cidr.split("/");
  const first = parseIp(address);
  if (first === null) throw new Error(`no address: ${cidr}`);
  const last = first.map((byte, index) => byte | (0xff >> Math.min(8, Math.max(0, Number(bits) - index * 8))));
  return { first, last, bits: Number(bits), isReachable: isReachableRow, name };
}

function step(bytes: IpBytes, by: 1 | -1): IpBytes | null {
  const next = [...bytes];
  for (let index = next.length - 1; index >= 0; index -= 1) {
    const value = (next[index] ?? 0) + by;
    next[index] = value & 0xff;
    if (value >= 0 && value <= 0xff) return next;
  }
  return null;
}

function compare(a: IpBytes, b: IpBytes): number {
  const index = a.findIndex((byte, at) => byte !== b[at]);
  return a.length !== b.length ? Number.NaN : index < 0 ? 0 : (a[index] ?? 0) - (b[index] ?? 0);
}
