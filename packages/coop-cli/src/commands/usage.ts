import { inputOf, USAGE_GROUPS, type UsageReport, type UsageRow } from "coopd-core";
import type { CommandContext } from "../command-context.ts";
import type { Paint } from "../output/paint.ts";
import { type Column, renderTable } from "../output/table.ts";
import { toCostText, toShortCost } from "../views/cost-text.ts";

/** `coop usage`: what the farm's model calls have used and cost. @throws CoopError `hen_not_found`, `bad_query` */
export async function run(context: CommandContext): Promise<undefined> {
  const { options, output } = context;
  const client = await context.client();
  const report = await client.usage({
    by: options.oneOf("by", USAGE_GROUPS),
    since: options.text("since"),
    until: options.text("until"),
    henId: options.text("hen"),
  });
  await output.value(report, (paint) => renderUsage(report, paint, output.stdout.columns()));
}

function renderUsage(report: UsageReport, paint: Paint, screenColumns: number): string {
  const { by, since, until, rows, total } = report;
  if (rows.length === 0) return `no model was called from ${since} to ${until}\n`;
  const table = renderTable(columns(by), rows, paint, screenColumns);
  const calls = `${total.calls} ${total.calls === 1 ? "call" : "calls"}`;
  return `${table}${paint.dim(`${since} to ${until}:`)} ${calls}, ${toCostText(total.cost)}\n`;
}

function columns(by: UsageReport["by"]): readonly Column<UsageRow>[] {
  const key: Column<UsageRow> = {
    title: by.toUpperCase(),
    cell: (row) => row.day ?? row.hen_id ?? row.model ?? "(deleted hens)",
  };
  const number = (title: string, of: (row: UsageRow) => number): Column<UsageRow> => ({
    title,
    cell: (row) => String(of(row)),
    isNumber: true,
  });
  return [
    key,
    number("CALLS", (row) => row.calls),
    number("TOKENS IN", inputOf),
    number("CACHED", (row) => row.cache_tokens),
    number("OUT", (row) => row.output_tokens),
    { title: "COST", cell: (row) => toShortCost(row.cost), isNumber: true },
  ];
}
