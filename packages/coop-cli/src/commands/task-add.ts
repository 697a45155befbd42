import { AGENT_KINDS } from "coopd-core";
import type { CommandContext } from "../command-context.ts";
import { readInputFile } from "../files/read-input-file.ts";
import { toPlainLine } from "../output/plain-text.ts";

/** `coop task add PROMPT`: the task is durable when its id is printed. @throws CoopError `bad_request`, `prompt_too_large` */
export async function run(context: CommandContext): Promise<undefined> {
  const { args, options, output } = context;
  const [prompt = ""] = args;
  const text = prompt === "-" ? new TextDecoder().decode(await readInputFile("-")) : prompt;
  const kind = options.oneOf("kind", AGENT_KINDS) ?? null;
  const client = await context.client();
  const id = await client.tasks.submit(text, kind, {
    idempotencyKey: options.text("idempotency-key"),
    leaseId: options.text("lease"),
  });
  if (output.isQuiet) return await output.text(`${toPlainLine(id)}\n`).then(() => undefined);
  await output.value({ task_id: id }, (paint) => `task ${paint.bold(toPlainLine(id))} waits for a fitting hen\n`);
  await output.note("next: coop task list");
  return undefined;
}
