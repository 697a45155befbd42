/** The architectures that a filter can be made for, by Node's name. */
export type FilterArch = "x64" | "arm64";

export interface ArchFacts {
  /** AUDIT_ARCH_* (linux/audit.h): what seccomp_data.arch must be. */
  readonly auditArch: number;
  /** From here on numbers belong to another calling convention (x32); undefined where there is none. */
  readonly foreignNumbersFrom: number | undefined;
}

/** What the filter must know of each architecture (linux/audit.h; x32 numbers carry bit 30). */
export const ARCH_FACTS: Readonly<Record<FilterArch, ArchFacts>> = {
  x64: { auditArch: 0xc000003e, foreignNumbersFrom: 0x40000000 },
  arm64: { auditArch: 0xc00000b7, foreignNumbersFrom: undefined },
};

type Row = readonly [x64: number | undefined, arm64: number | undefined];

/**
 * Numbers of the system calls that the filter names: x86-64 of arch/x86/entry/syscalls/syscall_64.tbl, aarch64 of
 * include/uapi/asm-generic/unistd.h (Linux 6.15). undefined: the architecture has no such call.
 */
export const SYSCALLS = {
  clone: [56, 220],
  unshare: [272, 97],
  ioctl: [16, 29],
  personality: [135, 92],
  socket: [41, 198],
  socketpair: [53, 199],
  clone3: [435, 435],
  io_uring_setup: [425, 425],
  io_uring_enter: [426, 426],
  io_uring_register: [427, 427],
  ptrace: [101, 117],
  process_vm_readv: [310, 270],
  process_vm_writev: [311, 271],
  process_madvise: [440, 440],
  pidfd_getfd: [438, 438],
  kcmp: [312, 272],
  bpf: [321, 280],
  perf_event_open: [298, 241],
  userfaultfd: [323, 282],
  syslog: [103, 116],
  lookup_dcookie: [212, 18],
  acct: [163, 89],
  add_key: [248, 217],
  request_key: [249, 218],
  keyctl: [250, 219],
  mount: [165, 40],
  umount2: [166, 39],
  pivot_root: [155, 41],
  chroot: [161, 51],
  open_tree: [428, 428],
  move_mount: [429, 429],
  fsopen: [430, 430],
  fsconfig: [431, 431],
  fsmount: [432, 432],
  fspick: [433, 433],
  mount_setattr: [442, 442],
  open_tree_attr: [467, 467],
  setns: [308, 268],
  open_by_handle_at: [304, 265],
  fanotify_init: [300, 262],
  quotactl: [179, 60],
  quotactl_fd: [443, 443],
  create_module: [174, undefined],
  get_kernel_syms: [177, undefined],
  query_module: [178, undefined],
  init_module: [175, 105],
  finit_module: [313, 273],
  delete_module: [176, 106],
  kexec_load: [246, 104],
  kexec_file_load: [320, 294],
  reboot: [169, 142],
  swapon: [167, 224],
  swapoff: [168, 225],
  clock_settime: [227, 112],
  clock_adjtime: [305, 266],
  settimeofday: [164, 170],
  adjtimex: [159, 171],
  iopl: [172, undefined],
  ioperm: [173, undefined],
  modify_ldt: [154, undefined],
  uselib: [134, undefined],
  nfsservctl: [180, 42],
  move_pages: [279, 239],
  migrate_pages: [256, 238],
  mbind: [237, 235],
  set_mempolicy: [238, 237],
  set_mempolicy_home_node: [450, 450],
} as const satisfies Record<string, Row>;

export type SyscallName = keyof typeof SYSCALLS;

/** The call's number on an architecture; undefined where it does not exist. */
export function syscallNumber(name: SyscallName, arch: FilterArch): number | undefined {
  return SYSCALLS[name][arch === "x64" ? 0 : 1];
}
