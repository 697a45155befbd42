import { CoopError } from "coopd-core";
import type { CommandContext } from "../command-context.ts";
import { toPlainLine } from "../output/plain-text.ts";

/** `coop restore FILE --data-dir DIR`: makes a data directory of a backup, whole or not at all. @throws CoopError `backup_invalid`, `store_newer`, `bad_request` */
export async function run(context: CommandContext): Promise<undefined> {
  const { args, options, output } = context;
  const [file = ""] = args;
  const dataDir = options.text("data-dir");
  if (dataDir === undefined) {
    throw new CoopError("bad_request", "where to? A backup is restored into a directory of its own", {
      next: `coop restore ${file} --data-dir DIR`,
    });
  }
  const { restoreBackup } = await import("coopd-storage");
  const { created_at, schema_version, skipped_count } = restoreBackup(file, dataDir);
  const value = { data_dir: dataDir, created_at, schema_version, skipped: skipped_count };
  await output.value(value, () => `${toPlainLine(dataDir)} is as the farm was at ${created_at}\n`);
  await output.note(`next: coopd --data-dir ${dataDir} serve`);
}
