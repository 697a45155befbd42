import { type SyscallName, syscallNumber } from "../seccomp/syscall-table.ts";
import { type Attempt, attempts } from "./attempt.ts";

/** EPERM, ENOSYS and EAFNOSUPPORT are the filter's answers; any other shows that the kernel itself was reached. */
const REACHED = 'print "BREACH $r $!\\n" if $r >= 0 || !($!{EPERM} || $!{ENOSYS} || $!{EAFNOSUPPORT});';

/** A script that makes one system call, with arguments in Perl. */
function call(name: SyscallName, args: string): string {
  const arch = process.arch === "arm64" ? "arm64" : "x64";
  const number = syscallNumber(name, arch);
  if (number === undefined) return "true"; // the architecture has no such call
  return `perl -e 'my $r = syscall(${number}${args === "" ? "" : `, ${args}`}); ${REACHED}' || echo NEEDS perl`;
}

/** Calling what the system call filter is there for. */
export const KERNEL_ATTEMPTS: readonly Attempt[] = attempts("kernel surface", [
  { title: "trace a process (ptrace)", script: call("ptrace", "0, 0, 0, 0") },
  { title: "read another process's memory", script: call("process_vm_readv", "$$, 0, 0, 0, 0, 0") },
  { title: "take a descriptor out of another process", script: call("pidfd_getfd", "-1, 0, 0") },
  { title: "load a kernel program (bpf)", script: call("bpf", "0, 0, 0") },
  {
    title: "make a new user namespace",
    script: `${call("unshare", "0x10000000")}; unshare -U true 2>/dev/null && echo BREACH`,
  },
  {
    title: "make namespaces through clone and clone3",
    script: `${call("clone3", "0, 0")}; unshare -m true 2>/dev/null && echo BREACH; unshare -n true 2>/dev/null && echo BREACH`,
  },
  {
    title: "enter another process's namespaces",
    script: `${call("setns", "-1, 0")}; nsenter -t 1 -m true 2>/dev/null && echo BREACH`,
  },
  {
    title: "mount a file system, the old way",
    script: `${call("mount", "0, 0, 0, 0, 0")}; mount -t tmpfs none /tmp 2>/dev/null && echo BREACH`,
  },
  { title: "mount a file system, the new way", script: call("fsopen", "0, 0") },
  {
    title: "take a mask off (umount)",
    script:
      "umount /proc/sys 2>/dev/null && echo BREACH; umount -l /proc/cmdline 2>/dev/null && echo BREACH; umount -l /tmp 2>/dev/null && echo BREACH",
  },
  { title: "change the root", script: `${call("pivot_root", "0, 0")}; ${call("chroot", "0")}` },
  { title: "open a file by its handle, past all folders", script: call("open_by_handle_at", "-1, 0, 0") },
  { title: "submit work to io_uring", script: call("io_uring_setup", "1, 0") },
  { title: "handle one's own page faults", script: call("userfaultfd", "0") },
  { title: "count the processor's events", script: call("perf_event_open", "0, 0, -1, -1, 0") },
  { title: "use the kernel's keyrings", script: call("keyctl", "0, -3, 1, 0, 0") },
  { title: "read the kernel's log", script: `${call("syslog", "10, 0, 0")}; dmesg >/dev/null 2>&1 && echo BREACH` },
  { title: "load a kernel module", script: call("finit_module", "-1, 0, 0") },
  {
    title: "load another kernel, or restart the machine",
    script: `${call("kexec_load", "0, 0, 0, 0")}; ${call("reboot", "0, 0, 0, 0")}`,
  },
  { title: "set the clock", script: call("clock_adjtime", "0, 0") },
  { title: "switch off address randomisation", script: call("personality", "0x0040000") },
  { title: "write the processor's segment table", script: call("modify_ldt", "0, 0, 0") },
  { title: "use kernel cryptography sockets (AF_ALG)", script: call("socket", "38, 5, 0") },
  {
    title: "use sockets of rare families",
    script: `${call("socket", "30, 1, 0")}; ${call("socket", "29, 3, 1")}; ${call("socketpair", "30, 1, 0, 0")}`,
  },
  { title: "watch all files of the host", script: call("fanotify_init", "0, 0") },
  { title: "move another process's memory", script: call("move_pages", "0, 0, 0, 0, 0, 0") },
]);
