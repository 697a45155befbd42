import { expect, test } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import { testWhere } from "../testing/test-where.ts";
import { encodeBpf } from "./assemble-bpf.ts";
import { interpretBpf } from "./interpret-bpf.ts";
import { FORBIDDEN, makeSeccompFilter, UNKNOWN, VERDICT } from "./seccomp-filter.ts";
import { ARCH_FACTS, type FilterArch, SYSCALLS, type SyscallName, syscallNumber } from "./syscall-table.ts";

const ARCHES: readonly FilterArch[] = ["x64", "arm64"];

/** The policy a second time, in plain words of a different shape, so that a slip in one shows against the other. */
function expected(arch: FilterArch, nr: number, args: readonly bigint[], unixSockets: boolean): number {
  const name = (Object.keys(SYSCALLS) as SyscallName[]).find((candidate) => syscallNumber(candidate, arch) === nr);
  const low = (index: number) => Number((args[index] ?? 0n) & 0xffffffffn);
  if (arch === "x64" && nr >= 0x40000000) return VERDICT.ENOSYS;
  if (name === undefined) return VERDICT.ALLOW;
  if (["clone3", "io_uring_setup", "io_uring_enter", "io_uring_register"].includes(name)) return VERDICT.ENOSYS;
  const namespaces = [0x20000, 0x2000000, 0x4000000, 0x8000000, 0x10000000, 0x20000000, 0x40000000];
  switch (name) {
    case "clone":
      return namespaces.some((bit) => (low(0) & bit) !== 0) ? VERDICT.EPERM : VERDICT.ALLOW;
    case "unshare":
      return [...namespaces, 0x80].some((bit) => (low(0) & bit) !== 0) ? VERDICT.EPERM : VERDICT.ALLOW;
    case "ioctl":
      return low(1) === 0x5412 || low(1) === 0x541c ? VERDICT.EPERM : VERDICT.ALLOW;
    case "personality":
      return low(0) === 0 || low(0) === 0xffffffff ? VERDICT.ALLOW : VERDICT.EPERM;
    case "socketpair":
      return low(0) === 1 ? VERDICT.ALLOW : VERDICT.EAFNOSUPPORT;
    case "socket": {
      const isPlainType = [1, 2].includes(low(1) & 0xf);
      const isOpen =
        (low(0) === 1 && unixSockets) || ([2, 10].includes(low(0)) && isPlainType) || (low(0) === 16 && low(2) === 0);
      return isOpen ? VERDICT.ALLOW : VERDICT.EAFNOSUPPORT;
    }
    default:
      return VERDICT.EPERM;
  }
}

/** Argument values that a rule could tell apart: every single bit, the named requests, families and types, and upper halves. */
const CLASSES: readonly bigint[] = [
  ...Array.from({ length: 64 }, (_, bit) => 1n << BigInt(bit)),
  ...[0n, 0x5412n, 0x541cn, 0x1_0000_5412n, 0xffffffff_0000541cn, 0xffffffffn, 0xffffffff_ffffffffn, 0x1_0000_0000n],
  ...[
    3n,
    5n,
    6n,
    7n,
    9n,
    10n,
    15n,
    17n,
    38n,
    40n,
    44n,
    0x80802n,
    0x80801n,
    0x80803n,
    0x8000an,
    0x7e020000n,
    0x01200011n,
  ],
];

test.each(ARCHES)("%s: every call number with every class of argument gets the verdict of the policy", (arch) => {
  const { auditArch } = ARCH_FACTS[arch];
  let judged = 0;
  for (const unixSockets of [true, false]) {
    const filter = makeSeccompFilter(arch, { unixSockets });
    const check = (nr: number, args: readonly bigint[]) => {
      judged += 1;
      const verdict = interpretBpf(filter, { nr, arch: auditArch, args });
      if (verdict !== expected(arch, nr, args, unixSockets)) expect({ nr, args, verdict }).toBeNull();
    };
    for (let nr = 0; nr < 1024; nr += 1)
      for (const value of CLASSES) check(nr, [value, value, value, value, value, value]);
    for (const name of ["clone", "unshare", "ioctl", "personality", "socket", "socketpair"] as const) {
      const nr = syscallNumber(name, arch) ?? -1;
      for (const a of CLASSES)
        for (const b of CLASSES) for (const c of [0n, 1n, 9n, 15n, 1n << 32n]) check(nr, [a, b, c]);
    }
    for (const nr of [0x3fffffff, 0x40000000, 0x40000001, 0x40000038, 0x7fffffff, 0x80000000, 0xffffffff])
      check(nr, [0n]);
  }
  expect(judged).toBeGreaterThan(500_000 / 2);
});

test.each(ARCHES)("%s: another architecture's call kills the process, whatever it is", (arch) => {
  const filter = makeSeccompFilter(arch, { unixSockets: true });
  const i386 = 0x40000003;
  const arm = 0x40000028;
  const other = ARCH_FACTS[arch === "x64" ? "arm64" : "x64"].auditArch;
  for (const foreign of [i386, arm, other, 0]) {
    for (const nr of [0, 1, 11, 59, 1023, 0x40000000]) {
      expect(interpretBpf(filter, { nr, arch: foreign, args: [] })).toBe(VERDICT.KILL_PROCESS);
    }
  }
});

test("a call of the table is in exactly one list", () => {
  const named = [...UNKNOWN, ...FORBIDDEN, "clone", "unshare", "ioctl", "personality", "socket", "socketpair"];
  expect(named.toSorted()).toEqual(Object.keys(SYSCALLS).toSorted());
});

const HEADERS = { x64: "/usr/include/x86_64-linux-gnu/asm/unistd_64.h", arm64: "/usr/include/asm-generic/unistd.h" };

for (const arch of ARCHES) {
  const path = HEADERS[arch];
  testWhere(existsSync(path), `no ${path} (on Debian: linux-libc-dev)`)(
    `the numbers of ${arch} are the kernel headers'`,
    () => {
      const rows = readFileSync(path, "utf8").matchAll(/^#define __NR(?:3264)?_(\w+)\s+(\d+)/gm);
      const numbers = new Map(Array.from(rows, (row) => [row[1] ?? "", Number(row[2])]));
      const unknown = (Object.keys(SYSCALLS) as SyscallName[]).filter((name) => {
        const ours = syscallNumber(name, arch);
        if (!numbers.has(name)) return ours !== undefined; // newer than these headers
        expect([name, ours]).toEqual([name, numbers.get(name)]);
        return false;
      });
      expect(unknown.filter((name) => name !== "open_tree_attr")).toEqual([]);
    },
  );
}

test.each(ARCHES)("%s: the program is what it was when it was last read by a person", (arch) => {
  const filter = makeSeccompFilter(arch, { unixSockets: true });
  const bytes = encodeBpf(filter);
  expect(bytes.length).toBe(filter.length * 8);
  const text = filter.map(
    (step, at) => `${at} ${step.code.toString(16)} ${step.jt} ${step.jf} 0x${step.k.toString(16)}`,
  );
  expect(`${text.join("\n")}\n`).toMatchSnapshot();
});
