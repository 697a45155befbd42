import type { CommandContext } from "../command-context.ts";
import { toPlainLine } from "../output/plain-text.ts";

/** `coop attention dismiss ID…`: takes things out of the list for good. */
export async function run({ args, output, ...context }: CommandContext): Promise<undefined> {
  const client = await context.client();
  for (const id of args) await client.attention.dismiss(id);
  await output.value({ ok: true }, () => args.map((id) => `dismissed ${toPlainLine(id)}\n`).join(""));
}
