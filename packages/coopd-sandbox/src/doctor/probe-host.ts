import { readlinkSync } from "node:fs";
import { toCoopError, type WallRow } from "coopd-core";
import { NAME_SERVER_PORT, PROXY_PORT, transparentPorts } from "../gate/transparent-ports.ts";
import { OWN_HENS } from "../host/own-hens.ts";
import type { Sandbox } from "../sandbox.ts";

/** One thing that this host does or does not do for the walls, as measured just now. */
export interface DoctorRow {
  /** Stable, for machines. */
  readonly id: string;
  readonly title: string;
  readonly holds: boolean;
  /** What was seen, or what is missing. */
  readonly detail: string;
}

/** Rows that may be missing while the walls stand: what this account or this host cannot have. */
export const OPTIONAL_ROWS: readonly string[] = ["shared_limits", "own_uid"];

const HEN = OWN_HENS.doctor;
const PROBE_MS_MAX = 10_000;

/** Prints what each check below reads, as `key=value` rows, from inside a real hen's sandbox. */
const SCRIPT = `
status() { sed -n "s/^$1:[[:space:]]*//p" /proc/self/status; }
echo "seccomp=$(status Seccomp)"
echo "privileges=$(status NoNewPrivs) $(status CapInh) $(status CapPrm) $(status CapEff) $(status CapBnd) $(status CapAmb)"
echo "uid=$(id -u)"
unshare -U true 2>/dev/null && echo userns=made || echo userns=refused
echo "processes=$(ls -d /proc/[0-9]* | wc -l) $(tr '\\0' ' ' < /proc/1/cmdline | cut -c1-80)"
echo "environ=$(wc -c < /proc/1/environ)"
echo "procsys=$(grep -c ' /proc/sys ro,' /proc/self/mountinfo)"
touch /coop-probe 2>/dev/null && echo root=written || echo root=refused
echo "files=$(ls /root /home /var /sys /etc/shadow 2>/dev/null | tr '\\n' ' ')"
echo "interfaces=$(sed -n 's/^ *\\([^ ]*\\):.*/\\1/p' /proc/net/dev | tr '\\n' ' ')"
echo "network=$(readlink /proc/self/ns/net)"
echo "listeners=$(cat /proc/net/tcp /proc/net/tcp6 2>/dev/null | sed -n 's/^ *[0-9]*: [0-9A-F]*:\\([0-9A-F]*\\) [^ ]* 0A .*/\\1/p' | sort -u | tr '\\n' ' ')"
echo "limits=$(ulimit -Hu) $(ulimit -Hn) $(ulimit -Hc)"
echo "hostname=$(cat /proc/sys/kernel/hostname)"
touch "$HOME/probe" && echo workdir=written || echo workdir=refused
`;

interface Check {
  readonly id: string;
  readonly title: string;
  /** The value that the script printed, as a row. */
  readonly judge: (seen: ReadonlyMap<string, string>) => WallRow;
}

const holds = (isTrue: boolean, reason: string): WallRow => (isTrue ? { holds: true } : { holds: false, reason });

/** Under policy open, as the kernel writes them. */
const GATE_LISTENERS = [NAME_SERVER_PORT, ...transparentPorts(null), PROXY_PORT]
  .map((port) => port.toString(16).toUpperCase().padStart(4, "0"))
  .sort()
  .join(" ");

const CHECKS: readonly Check[] = [
  {
    id: "seccomp",
    title: "System calls are filtered",
    judge: (seen) => holds(seen.get("seccomp") === "2", `mode ${seen.get("seccomp")}`),
  },
  {
    id: "privileges",
    title: "No capabilities, and none to be gained",
    judge: (seen) => holds(/^1( 0{16}){5}$/.test(seen.get("privileges") ?? ""), `saw ${seen.get("privileges")}`),
  },
  {
    id: "user_namespaces",
    title: "No further user namespaces inside",
    judge: (seen) => holds(seen.get("userns") === "refused", "one was made"),
  },
  {
    id: "processes",
    title: "Only its own processes are seen",
    judge: (seen) => holds(/^\d{1,2} \S*bwrap /.test(seen.get("processes") ?? ""), `saw ${seen.get("processes")}`),
  },
  {
    id: "environment",
    title: "The first process has an empty environment",
    judge: (seen) => holds(seen.get("environ") === "0", `${seen.get("environ")} bytes`),
  },
  {
    id: "kernel_settings",
    title: "Kernel settings are read-only",
    judge: (seen) => holds(seen.get("procsys") === "1", "/proc/sys is mounted writable"),
  },
  {
    id: "read_only_root",
    title: "Only the workdir can be written",
    judge: (seen) =>
      holds(
        seen.get("root") === "refused" && seen.get("workdir") === "written",
        `root ${seen.get("root")}, workdir ${seen.get("workdir")}`,
      ),
  },
  {
    id: "host_files",
    title: "Host files are not there",
    judge: (seen) =>
      holds(
        seen.get("files")?.trim() === "/home: probe" || seen.get("files")?.trim() === "probe",
        `saw ${seen.get("files")}`,
      ),
  },
  {
    id: "host_name",
    title: "The host's name is not seen",
    judge: (seen) => holds(seen.get("hostname") === "probe", `saw ${seen.get("hostname")}`),
  },
  {
    id: "network_namespace",
    title: "Its network is its own, not the host's",
    judge: (seen) => {
      const network = seen.get("network") ?? "";
      return holds(/^net:\[\d+\]$/.test(network) && network !== readlinkSync("/proc/self/ns/net"), `saw ${network}`);
    },
  },
  {
    id: "gate_listeners",
    title: "Nothing but the gate listens in its network",
    judge: (seen) => holds(seen.get("listeners")?.trim() === GATE_LISTENERS, `saw ports ${seen.get("listeners")}`),
  },
  {
    id: "process_limits",
    title: "Processes, open files and core dumps are limited",
    judge: (seen) => holds(seen.get("limits") === "400 4096 0", `saw ${seen.get("limits")}`),
  },
];

/**
 * Measures what this host enforces, with the launch of every real run (walls.md, Honesty). Never throws: what can't be
 * measured does not hold.
 */
export async function probeHost(sandbox: Sandbox): Promise<readonly DoctorRow[]> {
  const { walls, sharedLimits, uidRange } = sandbox;
  return [
    toRow("confine", "Processes of hens can be confined", walls.confine, "one was"),
    ...(await measureInside(sandbox)),
    toRow("network_off", "No way to any network", walls.networkOff, "only a loopback of its own was there"),
    toRow(
      "gate",
      "Listed hosts are reached through the gate, and nothing else",
      walls.gate,
      "bytes came through it, and none past it",
    ),
    toRow("shared_limits", "The kernel limits a hen's processes together", sharedLimits, "by cgroup"),
    toRow(
      "own_uid",
      "Each hen has a uid of its own",
      holds(uidRange !== undefined, "the daemon is a plain user, whose uid its hens share behind their namespaces"),
      `of ${uidRange?.base} to ${(uidRange?.base ?? 0) + (uidRange?.count ?? 0) - 1}`,
    ),
  ];
}

async function measureInside(sandbox: Sandbox): Promise<readonly DoctorRow[]> {
  const { uidRange } = sandbox;
  try {
    const uid = uidRange === undefined ? undefined : uidRange.base + uidRange.count - 3; // the attack has the last two
    const pen = await sandbox.openPen({ henId: HEN, uid, network: null });
    const exit = await sandbox.confine(pen, {
      argv: ["bash", "-c", SCRIPT],
      timeoutMs: PROBE_MS_MAX,
      signal: AbortSignal.timeout(PROBE_MS_MAX * 2),
      outputBytesMax: 64 * 1024,
    });
    const rows = exit.stdout.text
      .split("\n")
      .map((line) => [line.split("=", 1)[0] ?? "", line.slice(line.indexOf("=") + 1)] as const);
    const seen = new Map(rows);
    return CHECKS.map(({ id, title, judge }) => toRow(id, title, judge(seen), "seen from inside"));
  } catch (thrown) {
    const { message } = toCoopError(thrown, "sandbox_failed");
    return CHECKS.map(({ id, title }) => toRow(id, title, holds(false, `not measured: ${message}`), ""));
  } finally {
    await sandbox.removePen(HEN);
  }
}

function toRow(id: string, title: string, row: WallRow, seen: string): DoctorRow {
  return { id, title, holds: row.holds, detail: row.holds ? seen : row.reason };
}
