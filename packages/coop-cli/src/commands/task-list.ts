import type { TaskAnswer } from "coop-client";
import type { CommandContext } from "../command-context.ts";
import { paintState } from "../output/paint.ts";
import type { Column } from "../output/table.ts";
import { toAgeText } from "../output/time-text.ts";

/** `coop task list`: newest first, with what each waits for. */
export async function run(context: CommandContext): Promise<undefined> {
  const client = await context.client();
  await context.output.rows({
    rows: await client.tasks.list(),
    columns: columns(Date.now()),
    idOf: (task) => task.id,
    empty: 'no tasks: coop task add "…" makes one',
  });
}

function columns(nowMs: number): readonly Column<TaskAnswer>[] {
  return [
    { title: "TASK", cell: (task) => task.id },
    { title: "STATUS", cell: (task) => task.status, tone: (paint, task, text) => paintState(paint, task.status, text) },
    { title: "KIND", cell: (task) => task.required_agent_kind ?? "any" },
    { title: "AGE", cell: (task) => toAgeText(task.created_at, nowMs) },
    { title: "PROMPT", cell: (task) => task.prompt, columnsMax: 40 },
    { title: "WITH, OR WAITS FOR", cell: (task) => task.claimed_by ?? task.waiting_for ?? "" },
  ];
}
