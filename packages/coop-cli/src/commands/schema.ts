import type { CommandContext } from "../command-context.ts";
import { toJsonText } from "../output/json-text.ts";

export async function run(context: CommandContext): Promise<undefined> {
  const { manifestJsonSchema } = await import("coopd-core/manifest");
  const schema = manifestJsonSchema();
  await context.output.value(schema, () => toJsonText(schema));
}
