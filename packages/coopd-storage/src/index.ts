export type { BackupManifest } from "./backup/manifest.ts";
export type { Backup, BackupMaker } from "./backup/open-backup.ts";
export { restoreBackup, verifyBackup } from "./backup/restore-backup.ts";
export { type Holder, readHolder } from "./data-dir/holder.ts";
export { openStore, type SqliteStore, type StoreOptions, type StoreStats } from "./open-store.ts";
