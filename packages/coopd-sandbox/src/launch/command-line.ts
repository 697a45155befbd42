import type { HostPrograms } from "../host/host-programs.ts";
import { LAUNCH_FDS } from "./bwrap-arguments.ts";

/**
 * Limits that need no cgroup (walls.md, Launch). Core dumps off: they would write the hen's memory where the host says.
 * 4096 files, 64 KiB locked memory; one file has at most 4 GiB, as the original's `ulimit -f 4194304`.
 */
const LIMITS = ["--core=0:0", "--nofile=4096:4096", "--memlock=65536:65536", "--fsize=4294967296:4294967296"];

/** Processes; far above what builds use, and far below what hurts the host. */
const PROCESSES_LIMIT = "--nproc=400:400";

export interface CommandLineParts {
  readonly programs: HostPrograms;
  /** The hen's uid where the daemon is root. */
  readonly uid: number | undefined;
  readonly argv: readonly string[];
}

/**
 * The whole command line of a launch. Under a hen's own uid the process limit is set outside and holds over all of its
 * processes. A rootless daemon shares its uid with the farmer, whose own processes would count, so there the limit is
 * set inside, where the kernel counts by user namespace (fact 9): over the processes of this one launch.
 */
export function commandLine({ programs, uid, argv }: CommandLineParts): string[] {
  const bwrap = [programs.bwrap, "--args", String(LAUNCH_FDS.args), "--"];
  const prlimit = [programs.prlimit, ...LIMITS];
  if (uid === undefined) {
    return [...prlimit, "--", ...bwrap, programs.prlimit, PROCESSES_LIMIT, "--", ...argv];
  }
  const drop = [`--reuid=${uid}`, `--regid=${uid}`, "--clear-groups", "--no-new-privs", "--bounding-set=-all"];
  return [programs.setpriv ?? "setpriv", ...drop, "--", ...prlimit, PROCESSES_LIMIT, "--", ...bwrap, ...argv];
}
