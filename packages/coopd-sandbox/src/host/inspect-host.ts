import { existsSync } from "node:fs";
import type { FilterArch } from "../seccomp/syscall-table.ts";
import { type HostLayout, readHostLayout } from "./host-layout.ts";
import { findHostPrograms, type HostPrograms } from "./host-programs.ts";
import { planUids, readIdFiles, UID_BASE_DEFAULT, type UidPlan } from "./uid-range.ts";

/** A host that has everything a launch is made of; whether a launch works is measured by running one. */
export interface ReadyHost {
  readonly programs: HostPrograms;
  readonly layout: HostLayout;
  readonly arch: FilterArch;
  /** Defined when the daemon is root. */
  readonly uids: UidPlan | undefined;
}

/** A host on which no process can be confined, and why. */
export interface UnreadyHost {
  readonly reason: string;
  readonly uids: UidPlan | undefined;
}

/** What this host has to confine with, or the reason why it cannot. */
export function inspectHost(uidBase = UID_BASE_DEFAULT): ReadyHost | UnreadyHost {
  if (process.platform !== "linux") {
    return { reason: `processes can't be confined on ${process.platform} in this version`, uids: undefined };
  }
  const isRoot = process.getuid?.() === 0;
  const uids = isRoot ? planUids(uidBase, readIdFiles()) : undefined;
  if (uids !== undefined && "conflict" in uids) return { reason: uids.conflict, uids: undefined };
  const programs = findHostPrograms(isRoot);
  if ("missing" in programs) return { reason: programs.missing, uids };
  const arch = process.arch;
  if (arch !== "x64" && arch !== "arm64") return { reason: `there is no system call filter for ${arch}`, uids };
  if (!existsSync(`/proc/self/task/${process.pid}/children`)) {
    return { reason: "the kernel does not tell a process's children (CONFIG_PROC_CHILDREN)", uids };
  }
  return { programs, arch, layout: readHostLayout(), uids };
}
