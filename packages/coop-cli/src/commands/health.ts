import type { CommandContext } from "../command-context.ts";
import { toJsonLineAsReceived } from "../output/json-text.ts";

/** Compact where it is JSON, as scripts compare it: `{"ok":true}` (contract/cli.md). With -q only the exit code speaks. */
export async function run(context: CommandContext): Promise<number> {
  const { output } = context;
  const client = await context.client();
  const health = await client.health();
  if (output.isQuiet) return health.ok ? 0 : 1;
  if (output.format === "json") await output.text(toJsonLineAsReceived(health));
  else await output.value(health, (paint) => `${paint.green("ok")}  ${client.baseUrl}\n`);
  return health.ok ? 0 : 1;
}
