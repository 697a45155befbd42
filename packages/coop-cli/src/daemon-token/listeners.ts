import { readFileSync } from "node:fs";

/** proc(5): state of a listening socket in /proc/net/tcp. */
const LISTEN = "0A";

/**
 * True when whoever listens on this port is this user. The tables of the kernel say so on Linux; where there are none (other
 * systems) the caller's other checks have to do.
 */
export function isOwnListener(port: number): boolean {
  const rows = ["/proc/net/tcp", "/proc/net/tcp6"].flatMap(readTable);
  if (rows.length === 0) return process.platform !== "linux";
  const uids = rows.map((row) => ownerOf(row, port)).filter((uid) => uid !== undefined);
  return uids.length > 0 && uids.every((uid) => uid === process.geteuid?.());
}

function readTable(path: string): readonly string[] {
  try {
    return readFileSync(path, "utf8").trimEnd().split("\n").slice(1);
  } catch {
    return [];
  }
}

/** `sl local_address rem_address st tx:rx tr:tm retrnsmt uid …` */
function ownerOf(row: string, port: number): number | undefined {
  const [, local = "", , state, , , , uid = ""] = row.trim().split(/\s+/);
  const [, hex = ""] = local.split(":");
  return state === LISTEN && Number.parseInt(hex, 16) === port ? Number(uid) : undefined;
}
