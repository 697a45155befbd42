import type { CommandContext } from "../command-context.ts";

/** `coop hen forget HEN`: prints how many episodes are gone. */
export async function run(context: CommandContext): Promise<undefined> {
  const { args, output } = context;
  const [id = ""] = args;
  const client = await context.client();
  const forgotten = await client.hens.forget(id);
  if (output.isQuiet) return;
  await output.value({ forgotten }, () => `${id} forgot ${forgotten} ${forgotten === 1 ? "episode" : "episodes"}\n`);
}
