import type { CoopClient, HenUsageAnswer } from "coop-client";
import { CoopError } from "coopd-core";
import type { CommandContext } from "../command-context.ts";
import { renderHen } from "../views/hen-view.ts";

/** `coop hen get HEN`: the whole hen for programs, the facts that matter for people. @throws CoopError `hen_not_found` */
export async function run(context: CommandContext): Promise<undefined> {
  const { output } = context;
  const [id = ""] = context.args;
  const client = await context.client();
  const hen = await client.hens.get(id);
  const usage = output.format === "table" ? await readUsage(client, id) : undefined;
  await output.value(hen, (paint) => renderHen(hen, usage, paint));
}

/** The original counts nothing. */
async function readUsage(client: CoopClient, id: string): Promise<HenUsageAnswer | undefined> {
  try {
    return await client.hens.usage(id);
  } catch (error) {
    if (error instanceof CoopError && error.code === "not_found") return undefined;
    throw error;
  }
}
