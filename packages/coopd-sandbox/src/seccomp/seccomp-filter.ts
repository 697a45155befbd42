import { assembleBpf, type Instruction, type Step } from "./assemble-bpf.ts";
import { ARCH_FACTS, type FilterArch, type SyscallName, syscallNumber } from "./syscall-table.ts";

/** What the kernel does with a call (linux/seccomp.h); an error number is in the low 16 bits. */
export const VERDICT = {
  ALLOW: 0x7fff0000,
  KILL_PROCESS: 0x80000000,
  EPERM: 0x00050001,
  ENOSYS: 0x00050026,
  EAFNOSUPPORT: 0x00050061,
} as const;

export interface FilterOptions {
  /** Sockets of the UNIX family, which many build tools talk through inside their own sandbox. */
  readonly unixSockets: boolean;
}

/** Told as not there, so that a program takes the older way, which the filter can judge by its registers. */
export const UNKNOWN: readonly SyscallName[] = ["clone3", "io_uring_setup", "io_uring_enter", "io_uring_register"];

/** Calls for which no program of a hen has a use and the kernel has had faults, or that act on what is not the hen's. */
export const FORBIDDEN: readonly SyscallName[] = [
  ...(["ptrace", "process_vm_readv", "process_vm_writev", "process_madvise", "pidfd_getfd", "kcmp"] as const),
  ...(["bpf", "perf_event_open", "userfaultfd", "syslog", "lookup_dcookie", "acct"] as const),
  ...(["add_key", "request_key", "keyctl"] as const),
  ...(["mount", "umount2", "pivot_root", "chroot", "open_tree", "move_mount", "fsopen", "fsconfig"] as const),
  ...(["fsmount", "fspick", "mount_setattr", "open_tree_attr", "setns", "open_by_handle_at"] as const),
  ...(["fanotify_init", "quotactl", "quotactl_fd"] as const),
  ...(["create_module", "get_kernel_syms", "query_module", "init_module", "finit_module", "delete_module"] as const),
  ...(["kexec_load", "kexec_file_load", "reboot", "swapon", "swapoff"] as const),
  ...(["clock_settime", "clock_adjtime", "settimeofday", "adjtimex"] as const),
  ...(["iopl", "ioperm", "modify_ldt", "uselib", "nfsservctl"] as const),
  ...(["move_pages", "migrate_pages", "mbind", "set_mempolicy", "set_mempolicy_home_node"] as const),
];

/** Calls that are judged by their arguments. */
const JUDGED: readonly SyscallName[] = ["clone", "unshare", "ioctl", "personality", "socket", "socketpair"];

/** CLONE_NEW* (linux/sched.h): NS, CGROUP, UTS, IPC, USER, PID, NET. */
const NEW_NAMESPACE = 0x7e020000;
/** CLONE_NEWTIME; in `clone` these bits are the exit signal's. */
const NEW_TIME = 0x80;

/** Terminal requests that put input into a terminal (asm-generic/ioctls.h). */
const TIOCSTI = 0x5412;
const TIOCLINUX = 0x541c;

const AF = { UNIX: 1, INET: 2, INET6: 10, NETLINK: 16 } as const;
const SOCK_TYPE_MASK = 0xf; // the rest are SOCK_CLOEXEC and SOCK_NONBLOCK
const SOCK = { STREAM: 1, DGRAM: 2 } as const;

/** Offsets in struct seccomp_data. The kernel compares these arguments as 32 bits; their upper halves say nothing. */
const NR = 0;
const ARCH = 4;
const argument = (index: number) => 16 + index * 8;

const load = (offset: number): Step => ({ kind: "load", offset });
const label = (name: string): Step => ({ kind: "label", name });
const give = (value: number): Step => ({ kind: "return", value });
const jump = (test: "JEQ" | "JGE" | "JSET", value: number, yes?: string, no?: string): Step => ({
  kind: "jump",
  test,
  value,
  ...(yes === undefined ? {} : { yes }),
  ...(no === undefined ? {} : { no }),
});

/** Makes the filter of walls.md (seccomp) for one architecture. */
export function makeSeccompFilter(arch: FilterArch, options: FilterOptions): Instruction[] {
  const { auditArch, foreignNumbersFrom } = ARCH_FACTS[arch];
  const jumpsTo = (names: readonly SyscallName[], target: (name: SyscallName) => string) =>
    names.flatMap((name) => {
      const number = syscallNumber(name, arch);
      return number === undefined ? [] : [jump("JEQ", number, target(name))];
    });
  return assembleBpf([
    load(ARCH),
    jump("JEQ", auditArch, undefined, "kill"),
    load(NR),
    ...(foreignNumbersFrom === undefined ? [] : [jump("JGE", foreignNumbersFrom, "unknown")]),
    ...jumpsTo(JUDGED, (name) => name),
    ...jumpsTo(UNKNOWN, () => "unknown"),
    ...jumpsTo(FORBIDDEN, () => "forbidden"),
    give(VERDICT.ALLOW),
    ...judgeNamespaces(),
    ...judgeTerminal(),
    ...judgePersonality(),
    ...judgeSocket(options),
    label("allow"),
    give(VERDICT.ALLOW),
    label("forbidden"),
    give(VERDICT.EPERM),
    label("unknown"),
    give(VERDICT.ENOSYS),
    label("no-family"),
    give(VERDICT.EAFNOSUPPORT),
    label("kill"),
    give(VERDICT.KILL_PROCESS),
  ]);
}

function judgeNamespaces(): Step[] {
  return [
    label("clone"),
    load(argument(0)),
    jump("JSET", NEW_NAMESPACE, "forbidden", "allow"),
    label("unshare"),
    load(argument(0)),
    jump("JSET", NEW_NAMESPACE | NEW_TIME, "forbidden", "allow"),
  ];
}

function judgeTerminal(): Step[] {
  return [
    label("ioctl"),
    load(argument(1)),
    jump("JEQ", TIOCSTI, "forbidden"),
    jump("JEQ", TIOCLINUX, "forbidden", "allow"),
  ];
}

/** 0 is Linux as it is; 0xffffffff asks which one it is. Others switch off what protects a process. */
function judgePersonality(): Step[] {
  return [
    label("personality"),
    load(argument(0)),
    jump("JEQ", 0, "allow"),
    jump("JEQ", 0xffffffff, "allow", "forbidden"),
  ];
}

function judgeSocket({ unixSockets }: FilterOptions): Step[] {
  return [
    label("socket"),
    load(argument(0)),
    ...(unixSockets ? [jump("JEQ", AF.UNIX, "allow")] : []),
    jump("JEQ", AF.INET, "internet"),
    jump("JEQ", AF.INET6, "internet"),
    jump("JEQ", AF.NETLINK, "netlink", "no-family"),
    label("internet"),
    load(argument(1)),
    { kind: "and", mask: SOCK_TYPE_MASK },
    jump("JEQ", SOCK.STREAM, "allow"),
    jump("JEQ", SOCK.DGRAM, "allow", "no-family"),
    label("netlink"), // protocol 0 is NETLINK_ROUTE: asking for one's own interfaces, as resolvers do
    load(argument(2)),
    jump("JEQ", 0, "allow", "no-family"),
    label("socketpair"), // joins only the process with itself; other families than UNIX have no business here
    load(argument(0)),
    jump("JEQ", AF.UNIX, "allow", "no-family"),
  ];
}
