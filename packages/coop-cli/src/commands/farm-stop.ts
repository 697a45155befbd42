import type { CommandContext } from "../command-context.ts";

/** `coop farm stop`: nothing is begun any more and what runs is cancelled, also over restarts of the daemon. */
export async function run(context: CommandContext): Promise<undefined> {
  const { output } = context;
  const client = await context.client();
  const stopped = await client.stopFarm();
  if (output.isQuiet) return;
  const jobs = `${stopped.cancelled} ${stopped.cancelled === 1 ? "job" : "jobs"}`;
  await output.value(stopped, () => `the farm is stopped; ${jobs} cancelled\n`);
  await output.note("next: coop farm resume, when jobs may be begun again");
}
