import type { TerminalView } from "coopd-core";
import type { CommandContext } from "../command-context.ts";
import type { Column } from "../output/table.ts";
import { toAgeText } from "../output/time-text.ts";

/** `coop terminals`: who is live, what runs in it, who watches. */
export async function run(context: CommandContext): Promise<undefined> {
  const client = await context.client();
  await context.output.rows({
    rows: await client.terminals.list(),
    columns: columns(Date.now()),
    idOf: (terminal) => terminal.hen_id,
    empty: "no live terminals: coop shell HEN opens one",
  });
}

function columns(nowMs: number): readonly Column<TerminalView>[] {
  return [
    { title: "HEN", cell: (terminal) => terminal.hen_id },
    { title: "RUNS", cell: (terminal) => terminal.command.join(" "), columnsMax: 30 },
    { title: "SINCE", cell: (terminal) => toAgeText(terminal.started_at, nowMs) },
    { title: "USED", cell: (terminal) => toAgeText(terminal.active_at, nowMs) },
    { title: "STARTS", cell: (terminal) => String(terminal.launches) },
    { title: "SIZE", cell: (terminal) => `${terminal.cols}x${terminal.rows}` },
    { title: "WATCHED BY", cell: viewersText },
    { title: "TASK", cell: (terminal) => terminal.task_id ?? "" },
  ];
}

function viewersText({ viewers }: TerminalView): string {
  const typing = viewers.filter((viewer) => !viewer.read_only).length;
  const parts = [
    ...(typing > 0 ? [`${typing} with keys`] : []),
    ...(viewers.length > typing ? [`${viewers.length - typing} watching`] : []),
  ];
  return parts.length === 0 ? "nobody" : parts.join(", ");
}
