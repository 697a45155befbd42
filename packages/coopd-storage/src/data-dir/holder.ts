import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { CoopError, type Instant } from "coopd-core";
import { isDaemonLockHeld } from "./daemon-lock.ts";
import { replacePrivateFile } from "./private-files.ts";

/** What the daemon of a directory says of itself in `<data>/daemon.json`. */
export interface HolderRecord {
  readonly pid: number;
  /** `host:port` once it listens. */
  readonly address: string | null;
  readonly started_at: Instant;
  readonly version: string | null;
}

/** Who holds a data directory; the fields that it has not said (yet) are undefined. */
export interface Holder {
  readonly pid: number | undefined;
  /** `host:port` that it listens on. */
  readonly address: string | undefined;
}

/** A daemon writes its record right after taking the lock; this long a reader waits for that, ms. */
const RECORD_WAIT_MS = 500;
const RECORD_POLL_MS = 10;

/** Replaces the record in one step. Only the holder of the lock calls it. */
export function writeHolderRecord(dataDir: string, record: HolderRecord): void {
  replacePrivateFile(recordPath(dataDir), `${JSON.stringify(record, null, 2)}\n`);
}

/** Takes the record away when the daemon goes in good order. */
export function removeHolderRecord(dataDir: string): void {
  rmSync(recordPath(dataDir), { force: true });
}

/**
 * The daemon that holds the directory at this moment, or undefined when none does. The lock decides; `daemon.json` only
 * says who it is, since a killed daemon leaves its record behind. A record of a process that is gone is therefore
 * given half a second to be replaced by the one that took over.
 *
 * @throws CoopError `store_unavailable` when the directory cannot be read by this user
 */
export async function readHolder(dataDir: string): Promise<Holder | undefined> {
  for (let waitedMs = 0; isDaemonLockHeld(dataDir); waitedMs += RECORD_POLL_MS) {
    const record = readRecord(dataDir);
    const isCurrent = record !== undefined && isAlive(record.pid);
    if (isCurrent || waitedMs >= RECORD_WAIT_MS) {
      return { pid: record?.pid, address: record?.address ?? undefined };
    }
    await Bun.sleep(RECORD_POLL_MS);
  }
  return undefined;
}

/** What a second daemon is told. */
export function heldByAnother(holder: Holder): CoopError {
  const { pid, address } = holder;
  const who = pid === undefined ? "a daemon" : `a daemon with pid ${pid}`;
  const where = address === undefined ? "" : ` at http://${address}/`;
  const stop = pid === undefined ? "" : `, or stop it: kill ${pid}`;
  return new CoopError("store_locked", `${who} holds this data directory${where}`, {
    next: `Use that daemon${stop}, or give another --data-dir.`,
    details: { pid, address },
  });
}

function readRecord(dataDir: string): HolderRecord | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(readFileSync(recordPath(dataDir), "utf8"));
  } catch {
    return undefined; // none yet, or a farmer edited it: the lock still says that there is a holder
  }
  const isRecord = typeof parsed === "object" && parsed !== null && "pid" in parsed && typeof parsed.pid === "number";
  return isRecord ? (parsed as HolderRecord) : undefined;
}

/** EPERM means that it lives and belongs to somebody else. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

function recordPath(dataDir: string): string {
  return join(dataDir, "daemon.json");
}
