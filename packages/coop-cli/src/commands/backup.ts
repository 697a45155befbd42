import { VAULT_PATH_SETTING } from "coopd-core";
import type { BackupManifest } from "coopd-storage";
import { writeArchive } from "../backups/write-archive.ts";
import type { CommandContext } from "../command-context.ts";
import { toPlainLine } from "../output/plain-text.ts";

/** Named on the screen; all of them are in the backup's manifest. */
const NAMED_MAX = 20;

/**
 * `coop backup FILE`: asks the daemon, or with `--data-dir` opens the directory of one that does not run. The file is
 * there whole and verified, or not at all. @throws CoopError `unreachable`, `store_locked`, `disk_full`, `bad_request`
 */
export async function run(context: CommandContext): Promise<undefined> {
  const { args, options, output } = context;
  const [file = ""] = args;
  const withWorkdirs = !options.flag("no-workdirs");
  const dataDir = options.text("data-dir");
  const manifest =
    dataDir === undefined
      ? await writeArchive(file, await (await context.client()).backup({ withWorkdirs, signal: context.interrupted() }))
      : await backUpDirectory(file, dataDir, withWorkdirs);
  await reportSkipped(context, manifest);
  const { files, links, hard_links, schema_version } = manifest;
  const entries = files.length + links.length + hard_links.length;
  const value = { file, files: entries, schema_version, skipped: manifest.skipped_count };
  await output.value(value, () => `${toPlainLine(file)}: ${entries} files, verified\n`);
}

async function backUpDirectory(file: string, dataDir: string, withWorkdirs: boolean): Promise<BackupManifest> {
  const { openExistingStore } = await import("../backups/open-existing-store.ts");
  const store = await openExistingStore(dataDir);
  try {
    const vaultPath = await store.setting(VAULT_PATH_SETTING);
    const backup = await store.backups.open({ withWorkdirs, vaultPath });
    try {
      return await writeArchive(file, backup.pieces);
    } finally {
      backup.close();
    }
  } finally {
    await store.close();
  }
}

async function reportSkipped({ output }: CommandContext, { skipped, skipped_count }: BackupManifest): Promise<void> {
  for (const { path, reason } of skipped.slice(0, NAMED_MAX)) await output.warn(`${toPlainLine(path)}: ${reason}`);
  const more = skipped_count - Math.min(NAMED_MAX, skipped.length);
  if (more > 0) await output.warn(`${more} more were left out; coop-backup.json in the archive names them`);
}
