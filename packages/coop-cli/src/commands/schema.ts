import type { CommandContext } from "../command-context.ts";
import { toJsonText } from "../output/json-text.ts";

/** `coop schema`: the JSON Schema of agent.yaml; on a terminal too it is JSON, since there is no shorter way to say it. */
export async function run(context: CommandContext): Promise<undefined> {
  const { manifestJsonSchema } = await import("coopd-core/manifest");
  const schema = manifestJsonSchema();
  await context.output.value(schema, () => toJsonText(schema));
}
