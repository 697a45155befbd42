import { exitCodeOf, type StoreReport } from "coopd-core";
import type { CommandContext } from "../command-context.ts";
import type { Paint } from "../output/paint.ts";
import { toPlainLine } from "../output/plain-text.ts";
import { toSizeText } from "../output/size-text.ts";
import { renderFields } from "../output/table.ts";

/**
 * `coop doctor --store`: what the store is like and what is wrong with it, from the daemon, or with `--data-dir` from a
 * directory that no daemon holds. Exit 1 when something is wrong.
 */
export async function inspectStore(context: CommandContext): Promise<number> {
  const dataDir = context.options.text("data-dir");
  const report =
    dataDir === undefined
      ? await (await context.client()).storeReport({ signal: context.interrupted() })
      : await inspectDirectory(dataDir);
  await context.output.value(report, (paint) => renderStore(report, paint));
  return report.ok ? 0 : exitCodeOf("store_unavailable");
}

async function inspectDirectory(dataDir: string): Promise<StoreReport> {
  const { openExistingStore } = await import("../backups/open-existing-store.ts");
  const store = await openExistingStore(dataDir);
  try {
    return await store.inspect();
  } finally {
    await store.close();
  }
}

function renderStore(report: StoreReport, paint: Paint): string {
  const { rows, oldest_event, disk } = report;
  const fields = renderFields(
    [
      ["schema", String(report.schema_version)],
      ["database", `${toSizeText(report.database_bytes)}, of it ${toSizeText(report.unused_bytes)} unused`],
      ["wal", toSizeText(report.wal_bytes)],
      ["snapshots", report.snapshot_bytes === 0 ? undefined : toSizeText(report.snapshot_bytes)],
      ...Object.entries(rows).map(([table, count]) => [toPlainLine(table), `${count} rows`] as const),
      ["oldest event", oldest_event === null ? undefined : `${oldest_event.seq} of ${toPlainLine(oldest_event.at)}`],
      ["disk", `${toSizeText(disk.free_bytes)} free of ${toSizeText(disk.total_bytes)}`],
    ],
    paint,
  );
  const problems = report.problems.map((problem) => `${paint.red("problem")}  ${toPlainLine(problem)}\n`).join("");
  return `${fields}\n${report.ok ? paint.green("The store is sound.\n") : problems}`;
}
