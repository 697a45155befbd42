import { totalmem } from "node:os";
import { type HostWalls, parseHenId, toCoopError, type WallRow } from "coopd-core";
import { resourceLimits } from "../limits/resource-limits.ts";
import { hostNetNamespaceId } from "../network/net-namespace.ts";
import type { BindMounts } from "../pen/bind-mounts.ts";
import { ensureWorkdir, type Pen } from "../pen/pen.ts";
import { removeTree } from "../pen/remove-tree.ts";
import type { ConfinedExit, ConfineSpec } from "../run/confine-spec.ts";

export interface ProbeParts {
  readonly run: (pen: Pen, spec: ConfineSpec) => Promise<ConfinedExit>;
  /** Where the probe's own workdir is made for a moment. */
  readonly folder: string;
  /** The probe's own uid where the daemon is root. */
  readonly uid: number | undefined;
  readonly mounts: BindMounts | undefined;
}

/** No farm's hen: a coop id of one word is nobody's. */
export const PROBE_HEN = parseHenId("probe/probe");

/** A launch takes 5 ms; a host that needs this long is not usable. */
const PROBE_MS_MAX = 10_000;

/** This hen's network namespace, the file of its interfaces, and the last thing that the probe does. */
const SCRIPT = "readlink /proc/self/ns/net && cat /proc/net/dev && printf 'coop-probe-end\\n'";

/**
 * Runs one process with exactly the launch of every real run (weaknesses A13: the original tests less than it uses) and
 * reads from inside what it sees.
 */
export async function probeLaunch(parts: ProbeParts): Promise<Pick<HostWalls, "confine" | "networkOff">> {
  const workdir = `${parts.folder}/probe`;
  try {
    ensureWorkdir(workdir, parts.uid);
    const bindSource =
      parts.mounts !== undefined && parts.uid !== undefined ? parts.mounts.placeOf(parts.uid) : workdir;
    const pen: Pen = {
      henId: PROBE_HEN,
      name: "probe",
      uid: parts.uid,
      workdir,
      home: "/home/probe",
      bindSource,
      read: [],
      limits: resourceLimits(null, totalmem()),
    };
    const seen = await parts.run(pen, {
      argv: ["/bin/sh", "-c", SCRIPT],
      timeoutMs: PROBE_MS_MAX,
      signal: AbortSignal.timeout(PROBE_MS_MAX * 2),
      outputBytesMax: 64 * 1024,
    });
    return judge(seen);
  } catch (thrown) {
    const { message, cause } = toCoopError(thrown, "sandbox_failed");
    const row = refused(cause === undefined ? message : `${message}: ${String(cause).trim()}`);
    return { confine: row, networkOff: row };
  } finally {
    if (parts.uid !== undefined) await parts.mounts?.unmount(parts.uid);
    await removeTree(workdir);
  }
}

function judge({ exitCode, stdout, stderr }: ConfinedExit): Pick<HostWalls, "confine" | "networkOff"> {
  if (exitCode !== 0 || !stdout.text.endsWith("coop-probe-end\n")) {
    const row = refused(`a confined test process failed: exit ${exitCode}, ${stderr.text.trim()}`);
    return { confine: row, networkOff: row };
  }
  const namespace = Number(/^net:\[(\d+)\]$/m.exec(stdout.text)?.[1]);
  const isOwn = Number.isSafeInteger(namespace) && namespace !== hostNetNamespaceId();
  if (!isOwn)
    return { confine: { holds: true }, networkOff: refused("a confined test process was in the host's network") };
  const interfaces = Array.from(stdout.text.matchAll(/^\s*([^\s:]+):(?!\[)/gm), (row) => row[1]).filter(
    (name) => name !== "lo",
  );
  const networkOff: WallRow =
    interfaces.length === 0
      ? { holds: true }
      : refused(`a confined test process saw the interfaces ${interfaces.join(", ")}`);
  return { confine: { holds: true }, networkOff };
}

function refused(reason: string): WallRow {
  return { holds: false, reason };
}
