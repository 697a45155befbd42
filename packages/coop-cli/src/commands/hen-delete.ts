import type { CommandContext } from "../command-context.ts";

/** In a pipe the original prints the status line, which scripts compare (contract/cli.md); with `-o json` it is JSON. */
export async function run(context: CommandContext): Promise<undefined> {
  const { args, options, output, settings } = context;
  const [id = ""] = args;
  const client = await context.client();
  await client.hens.delete(id, { force: options.flag("force") });
  if (output.isQuiet) return;
  if (output.format === "json" && !settings.isFormatAsked) await output.text("status: 204 No Content\n");
  else await output.value({ ok: true }, () => `deleted ${id}\n`);
}
