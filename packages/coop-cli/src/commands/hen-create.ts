import type { CommandContext } from "../command-context.ts";
import { readInputFile } from "../files/read-input-file.ts";
import { readAttachments } from "../manifests/attachments.ts";
import { toPlainLine } from "../output/plain-text.ts";

/** `coop hen create FILE`: the manifest and the scripts it names go to the daemon; prints the new id. @throws CoopError `manifest_invalid`, `hen_exists`, `path_refused` */
export async function run(context: CommandContext): Promise<undefined> {
  const { args, options, output } = context;
  const [path = ""] = args;
  const manifest = await readInputFile(path);
  const attachments = await readAttachments(path, manifest);
  const client = await context.client();
  const { id, warnings } = await client.hens.create(manifest, {
    attachments,
    idempotencyKey: options.text("idempotency-key"),
  });
  for (const warning of warnings) await output.warn(warning);
  if (output.isQuiet) return await output.text(`${toPlainLine(id)}\n`).then(() => undefined);
  await output.value(id, (paint) => `created ${paint.bold(toPlainLine(id))}\n`);
  await output.note(`next: coop hen hatch ${id}`);
}
