import type { HostLayout } from "../host/host-layout.ts";
import type { LaunchWalls } from "./launch-walls.ts";

/** File descriptors of bwrap, by what they carry. 0 to 2 are the hen's standard streams. */
export const LAUNCH_FDS = { args: 3, status: 4, passwd: 5, group: 6, hosts: 7, resolvConf: 8, seccomp: 9 } as const;

/** Sizes of the memory file systems in bytes (walls.md, Launch). */
const TMPFS = { "/tmp": 256 * 2 ** 20, "/dev/shm": 64 * 2 ** 20, "/run": 2 ** 20 } as const;

export interface BwrapPlan {
  /** The hen's name: host name, user name and folder under /home. */
  readonly name: string;
  /** Host path of the only folder that the hen can write. */
  readonly workdir: string;
  /** Host paths that the manifest adds read-only. */
  readonly read: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly layout: HostLayout;
  readonly walls: LaunchWalls;
  /**
   * Keeps the session that owns the terminal: with one of its own a program gets no Ctrl-C and no job control (walls.md,
   * fact 7). Typing into the terminal from inside (TIOCSTI) is then refused by the system call filter alone.
   */
  readonly hasTerminal?: boolean;
}

/** The hen's folder as it sees it. */
export function homeOf(name: string): string {
  return `/home/${name}`;
}

/**
 * The argument vector of bwrap without the command (walls.md, Launch): what is not named here does not exist inside.
 * Mounts are made in this order, and the hen-writable bind is the last of them (fact 1).
 */
export function bwrapArguments(plan: BwrapPlan): string[] {
  const { name, walls } = plan;
  const home = homeOf(name);
  return [
    ...namespaces(plan),
    ...hostTree(plan.layout),
    ...dataFile("/etc/passwd", LAUNCH_FDS.passwd),
    ...dataFile("/etc/group", LAUNCH_FDS.group),
    ...dataFile("/etc/hosts", LAUNCH_FDS.hosts),
    ...dataFile("/etc/resolv.conf", LAUNCH_FDS.resolvConf),
    // Without its own pid namespace a process may not mount a fresh /proc; then the host's is what it sees.
    ...(walls.pidNamespace ? ["--proc", "/proc"] : ["--ro-bind", "/proc", "/proc"]),
    ...(walls.procSys ? ["--ro-bind", "/proc/sys", "/proc/sys"] : []),
    ...plan.layout.masked.flatMap((path) => ["--ro-bind", "/dev/null", path]),
    ...["--dev", "/dev"],
    ...sized("/dev/shm", "1777"),
    ...["--remount-ro", "/dev"], // bwrap's /dev is a tmpfs without a size; the device nodes stay writable
    ...sized("/tmp", "1777"),
    ...sized("/run", "0755"),
    ...["--dir", "/home"],
    ...plan.read.flatMap((path) => ["--ro-bind", path, path]),
    ...["--bind", plan.workdir, home],
    ...(walls.readOnlyRoot ? ["--remount-ro", "/"] : []),
    "--clearenv",
    ...Object.entries(plan.env).flatMap(([key, value]) => ["--setenv", key, value]),
    ...["--chdir", home],
    ...(walls.seccomp ? ["--seccomp", String(LAUNCH_FDS.seccomp)] : []),
    ...["--json-status-fd", String(LAUNCH_FDS.status)],
  ];
}

function namespaces(plan: BwrapPlan): string[] {
  const unshare = plan.walls.pidNamespace
    ? ["--unshare-all"]
    : ["--unshare-user", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try"];
  return [
    ...unshare,
    // The launch has entered the hen's own network before (command-line.ts), and stays in it.
    "--share-net",
    ...["--unshare-user", "--disable-userns", "--uid", "1000", "--gid", "1000", "--hostname", plan.name],
    ...["--die-with-parent", "--cap-drop", "ALL"],
    ...(plan.hasTerminal === true ? [] : ["--new-session"]),
  ];
}

function hostTree(layout: HostLayout): string[] {
  return [
    ...layout.folders.flatMap((path) => ["--ro-bind", path, path]),
    ...layout.links.flatMap(([path, target]) => ["--symlink", target, path]),
    ...["--perms", "0755", "--dir", "/etc"],
    ...layout.etc.flatMap((path) => ["--ro-bind", path, path]),
  ];
}

function dataFile(path: string, fd: number): string[] {
  return ["--perms", "0444", "--ro-bind-data", String(fd), path];
}

function sized(path: keyof typeof TMPFS, mode: string): string[] {
  return ["--perms", mode, "--size", String(TMPFS[path]), "--tmpfs", path];
}
