import { rmSync } from "node:fs";
import { join } from "node:path";
import { type Clock, CoopError, toInstant } from "coopd-core";
import { startSideTask } from "../side/start-side-task.ts";
import { writeBackup } from "./write-backup.ts";

/** A backup under way. Whoever opened it closes it. */
export interface Backup {
  /** The archive, piece by piece; asking for the next reads a quarter of a MB at most. To be gone through once. */
  readonly pieces: Generator<Uint8Array, void>;
  /** Gives the snapshot's space back; calling it twice is fine. */
  close(): void;
}

/** What goes into a backup besides the store. */
export interface BackupChoice {
  readonly withWorkdirs: boolean;
  /** The vault in use; one that cannot be read is named among what was left out. */
  readonly vaultPath?: string | undefined;
}

/** Makes backups of one open store, one at a time. */
export interface BackupMaker {
  /**
   * Copies the database as it is at this moment, while it is used; workdirs are read as they are when their turn comes.
   * @throws CoopError `limit_reached` while another is under way, `disk_full`, `store_unavailable`
   */
  open(parts: BackupChoice): Promise<Backup>;
}

/** Removes what a daemon that was killed meanwhile has left. */
export function createBackupMaker(parts: {
  readonly dataDir: string;
  readonly version: string | null;
  readonly clock: Clock;
}): BackupMaker {
  const { dataDir, version, clock } = parts;
  const snapshot = join(dataDir, "coop.sqlite.backup");
  const removeSnapshot = () => {
    for (const suffix of ["", ".part", "-wal", "-shm", "-journal"]) rmSync(snapshot + suffix, { force: true });
  };
  removeSnapshot();
  let isBusy = false;
  return {
    async open({ withWorkdirs, vaultPath }) {
      if (isBusy) {
        throw new CoopError("limit_reached", "a backup is being made already", {
          next: "Try again when it is done.",
          details: { limit: "backups", value: 1 },
        });
      }
      isBusy = true;
      const close = () => {
        removeSnapshot();
        isBusy = false;
      };
      try {
        const at = toInstant(clock.nowMs());
        const facts = await startSideTask({ kind: "snapshot", path: join(dataDir, "coop.sqlite"), to: snapshot });
        const { schemaVersion } = facts;
        const henIds = withWorkdirs ? facts.henIds : [];
        let isOpen = true;
        const closeOnce = () => {
          if (isOpen) close();
          isOpen = false;
        };
        const source = { snapshot, schemaVersion, dataDir, henIds, vaultPath, version, at };
        return { pieces: writeBackup(source), close: closeOnce };
      } catch (error) {
        close();
        throw error;
      }
    },
  };
}
