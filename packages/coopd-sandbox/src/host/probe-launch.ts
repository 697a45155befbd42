import { type HostWalls, toCoopError, type WallRow } from "coopd-core";
import { hostNetNamespaceId } from "../network/net-namespace.ts";
import type { ConfinedExit } from "../run/confine-spec.ts";
import { OWN_HENS } from "./own-hens.ts";
import { type ProbeParts, runProbe } from "./probe-pen.ts";

/** This hen's network namespace, the file of its interfaces, and the last thing that the probe does. */
const SCRIPT = "readlink /proc/self/ns/net && cat /proc/net/dev && printf 'coop-probe-end\\n'";

/** Runs one process and reads from inside what it sees. */
export async function probeLaunch(parts: ProbeParts): Promise<Pick<HostWalls, "confine" | "networkOff">> {
  try {
    return judge(await runProbe(OWN_HENS.probe, parts, ["/bin/sh", "-c", SCRIPT]));
  } catch (thrown) {
    const { message, cause } = toCoopError(thrown, "sandbox_failed");
    const row = refused(cause === undefined ? message : `${message}: ${String(cause).trim()}`);
    return { confine: row, networkOff: row };
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
