import type { CommandContext } from "../command-context.ts";

/** `coop farm resume`: jobs are begun again, those first that waited. */
export async function run(context: CommandContext): Promise<undefined> {
  const { output } = context;
  const client = await context.client();
  const resumed = await client.resumeFarm();
  if (!output.isQuiet) await output.value(resumed, () => "the farm begins jobs again\n");
}
