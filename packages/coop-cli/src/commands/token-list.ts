import type { TokenAnswer } from "coop-client";
import type { CommandContext } from "../command-context.ts";
import type { Column } from "../output/table.ts";
import { toAgeText } from "../output/time-text.ts";

/** `coop token list`: tokens and logins, the oldest first. */
export async function run(context: CommandContext): Promise<undefined> {
  const client = await context.client();
  await context.output.rows({
    rows: await client.access.tokens(),
    columns: columns(Date.now()),
    idOf: ({ id }) => id,
    empty: "no tokens but the farm's own: coop token create NAME makes one",
  });
}

function columns(nowMs: number): readonly Column<TokenAnswer>[] {
  return [
    { title: "ID", cell: ({ id }) => id },
    { title: "KIND", cell: ({ kind }) => kind },
    { title: "NAME", cell: ({ name }) => name },
    { title: "SCOPE", cell: ({ scope }) => scope },
    { title: "AGE", cell: ({ created_at }) => toAgeText(created_at, nowMs) },
    { title: "EXPIRES", cell: ({ expires_at }) => expires_at ?? "never" },
    { title: "USED", cell: ({ last_used_at }) => (last_used_at === null ? "never" : toAgeText(last_used_at, nowMs)) },
  ];
}
