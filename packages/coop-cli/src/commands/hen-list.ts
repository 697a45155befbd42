import { HEN_STATES } from "coopd-core";
import type { CommandContext } from "../command-context.ts";
import { henColumns } from "../views/hen-view.ts";

/** `coop hen list`: every hen, or those in one state. */
export async function run(context: CommandContext): Promise<undefined> {
  const { options, output } = context;
  const state = options.oneOf("state", HEN_STATES);
  const client = await context.client();
  await output.rows({
    rows: await client.hens.list({ state, limit: options.whole("limit", 1), after: options.text("after") }),
    columns: henColumns(Date.now()),
    idOf: (hen) => hen.id,
    empty: state === undefined ? "no hens yet: coop hen create FILE" : `no hen is ${state}`,
  });
}
