import type { HostPrograms } from "../host/host-programs.ts";
import type { ResourceLimits } from "../limits/resource-limits.ts";
import type { NetNamespace } from "../network/net-namespace.ts";
import { LAUNCH_FDS } from "./bwrap-arguments.ts";

/** Processes; far above what builds use, and far below what hurts the host. */
const PROCESSES_MAX = 400;

/**
 * What is done before anything else is executed; any failure ends the launch. `$1` is the number of cgroups to join, which
 * follow: joined later by pid, the payload would be missed (fact 8). Where memory runs out on the host, a hen's process
 * is the first to go. The limits need no cgroup (walls.md, Launch), and a shell sets them without another exec: no core
 * dumps, which would write the hen's memory where the host says; 4096 files; 64 KiB locked memory; 4 GiB in one file
 * (in blocks of 512), as the original's `ulimit -f 4194304`.
 */
const PREPARE = [
  "set -e; umask 022", // the daemon's own is its own matter
  "echo 1000 >/proc/self/oom_score_adj",
  'n=$1; shift; while [ "$n" -gt 0 ]; do echo 0 >"$1"; shift; n=$((n - 1)); done',
  "ulimit -c 0; ulimit -n 4096; ulimit -l 64; ulimit -f 8388608",
];

/** dash says `-p` for what bash says `-u` for. */
const LIMIT_PROCESSES = `ulimit -u ${PROCESSES_MAX} 2>/dev/null || ulimit -p ${PROCESSES_MAX}`;

/** What a shell adds to an empty environment is taken out again. */
const GO = ["unset PWD OLDPWD SHLVL _", 'exec "$@"'];

export interface CommandLineParts {
  readonly programs: HostPrograms;
  /** The hen's uid where the daemon is root. */
  readonly uid: number | undefined;
  readonly argv: readonly string[];
  /** Files by which it joins its cgroups, one a hierarchy; undefined where the host has no cgroups for us. */
  readonly join: readonly string[] | undefined;
  readonly limits: ResourceLimits;
  /** The program that makes standard input the terminal of a new session, where the launch has one. */
  readonly setsid?: string | undefined;
  /** The hen's own network, entered before anything of the hen runs; undefined only where a test takes that wall away. */
  readonly network: Pick<NetNamespace, "enter"> | undefined;
}

/**
 * The whole command line of a launch. Under a hen's own uid the process limit is set outside and holds over all of its
 * processes. A rootless daemon shares its uid with the farmer, whose own processes would count, so there the limit is
 * set inside, where the kernel counts by user namespace (fact 9): over the processes of this one launch. Without
 * cgroups each process is held to the memory limit by itself.
 *
 * nsenter also drops to the hen's uid, with no groups (util-linux clears them before setgid): it is there for the network
 * anyway, and setpriv costs a ninth of a launch for what bwrap does first of all, PR_SET_NO_NEW_PRIVS, and last of all,
 * dropping every capability with its bounding set.
 */
export function commandLine({ programs, uid, argv, join = [], setsid, network, ...rest }: CommandLineParts): string[] {
  const { memoryBytes } = rest.limits;
  const hasCgroups = join.length > 0;
  const bwrap = [programs.bwrap, "--args", String(LAUNCH_FDS.args), "--"];
  const start = (steps: readonly string[]) => [
    ...(setsid === undefined ? [] : [setsid, "--ctty"]), // before anything else; it executes in place, so the pid stays
    ...[programs.sh, "-c", [...PREPARE, ...steps, ...GO].join("\n"), "coop-launch", String(join.length), ...join],
  ];
  if (uid === undefined) {
    const enter = network === undefined ? [] : [programs.nsenter, ...network.enter, "--"];
    const memory = hasCgroups ? [] : [`--data=${memoryBytes}:${memoryBytes}`];
    const inside = [programs.prlimit, `--nproc=${PROCESSES_MAX}:${PROCESSES_MAX}`, ...memory, "--"];
    return [...start([]), ...enter, ...bwrap, ...inside, ...argv];
  }
  const enter = [programs.nsenter, ...(network?.enter ?? STAY), `--setuid=${uid}`, `--setgid=${uid}`, "--"];
  const memory = hasCgroups ? [] : [`ulimit -d ${Math.ceil(memoryBytes / 1024)}`];
  return [...start([LIMIT_PROCESSES, ...memory]), ...enter, ...bwrap, ...argv];
}

/** nsenter wants a namespace to enter; this one it is in already. */
const STAY = ["--net=/proc/self/ns/net"];
