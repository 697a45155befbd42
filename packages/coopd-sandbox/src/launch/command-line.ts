import type { HostPrograms } from "../host/host-programs.ts";
import type { ResourceLimits } from "../limits/resource-limits.ts";
import { LAUNCH_FDS } from "./bwrap-arguments.ts";

/**
 * Limits that need no cgroup (walls.md, Launch). Core dumps off: they would write the hen's memory where the host says.
 * 4096 files, 64 KiB locked memory; one file has at most 4 GiB, as the original's `ulimit -f 4194304`.
 */
const LIMITS = ["--core=0:0", "--nofile=4096:4096", "--memlock=65536:65536", "--fsize=4294967296:4294967296"];

/** Processes; far above what builds use, and far below what hurts the host. */
const PROCESSES_LIMIT = "--nproc=400:400";

/**
 * Joins cgroups before anything else is executed: joined later by pid, the payload would be missed (fact 8). Where memory
 * runs out on the host, a hen's process is the first to go. Any failure ends the launch.
 */
const JOIN = [
  "set -e",
  "echo 1000 >/proc/self/oom_score_adj",
  "n=$1; shift",
  'while [ "$n" -gt 0 ]; do echo 0 >"$1"; shift; n=$((n - 1)); done',
  "unset PWD OLDPWD SHLVL _", // what a shell adds to an empty environment
  'exec "$@"',
].join("\n");

export interface CommandLineParts {
  readonly programs: HostPrograms;
  /** The hen's uid where the daemon is root. */
  readonly uid: number | undefined;
  readonly argv: readonly string[];
  /** `cgroup.procs` files; undefined where the host has no cgroups for us. */
  readonly join: readonly string[] | undefined;
  readonly limits: ResourceLimits;
}

/**
 * The whole command line of a launch. Under a hen's own uid the process limit is set outside and holds over all of its
 * processes. A rootless daemon shares its uid with the farmer, whose own processes would count, so there the limit is
 * set inside, where the kernel counts by user namespace (fact 9): over the processes of this one launch. Without
 * cgroups each process is held to the memory limit by itself.
 */
export function commandLine({ programs, uid, argv, join, limits }: CommandLineParts): string[] {
  const memory = join === undefined ? [`--data=${limits.memoryBytes}:${limits.memoryBytes}`] : [];
  const bwrap = [programs.bwrap, "--args", String(LAUNCH_FDS.args), "--"];
  const first = [programs.sh, "-c", JOIN, "coop-launch", String(join?.length ?? 0), ...(join ?? [])];
  if (uid === undefined) {
    return [
      ...first,
      programs.prlimit,
      ...LIMITS,
      "--",
      ...bwrap,
      programs.prlimit,
      PROCESSES_LIMIT,
      ...memory,
      "--",
      ...argv,
    ];
  }
  const drop = [`--reuid=${uid}`, `--regid=${uid}`, "--clear-groups", "--no-new-privs", "--bounding-set=-all"];
  const prlimit = [programs.prlimit, ...LIMITS, ...memory, PROCESSES_LIMIT, "--"];
  return [...first, programs.setpriv ?? "setpriv", ...drop, "--", ...prlimit, ...bwrap, ...argv];
}
