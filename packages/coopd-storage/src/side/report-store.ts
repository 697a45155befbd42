import { readdirSync, statfsSync, statSync } from "node:fs";
import { join } from "node:path";
import type { StoreReport } from "coopd-core";
import type { StoreInspection } from "./side-tasks.ts";

/** Less free space than this and a busy farm stops within hours: a WAL alone may grow to 64 MiB. */
const DISK_FREE_BYTES_MIN = 268_435_456;

/** The inspection of a store with what the disk says of its files. */
export function toStoreReport(dataDir: string, { faults, measures }: StoreInspection): StoreReport {
  const { bavail, blocks, bsize } = statfsSync(dataDir);
  const disk = { free_bytes: bavail * bsize, total_bytes: blocks * bsize };
  const quarantined = measures.rows.quarantine ?? 0;
  const problems = [
    ...faults,
    ...(quarantined === 0 ? [] : [`${quarantined} damaged rows were set aside`]),
    ...(disk.free_bytes >= DISK_FREE_BYTES_MIN ? [] : [`only ${disk.free_bytes} bytes are free on the disk`]),
  ];
  const sizeOf = (isMeant: (name: string) => boolean) =>
    readdirSync(dataDir)
      .filter(isMeant)
      .reduce((sum, name) => sum + (statSync(join(dataDir, name), { throwIfNoEntry: false })?.size ?? 0), 0);
  return {
    ok: problems.length === 0,
    problems,
    schema_version: measures.schemaVersion,
    database_bytes: measures.databaseBytes,
    unused_bytes: measures.freeBytes,
    wal_bytes: sizeOf((name) => name === "coop.sqlite-wal"),
    snapshot_bytes: sizeOf((name) => name.startsWith("coop.sqlite.before-")),
    rows: measures.rows,
    oldest_event: measures.oldestEvent,
    quarantined,
    disk,
  };
}
