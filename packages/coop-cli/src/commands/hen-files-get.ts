import type { CommandContext } from "../command-context.ts";
import { writeWholeFile } from "../files/write-whole-file.ts";
import { toPlainText } from "../output/plain-text.ts";

/** What a terminal is shown of a file; more scrolls away unread. */
const SHOWN_BYTES_MAX = 262_144;

/**
 * `coop hen files get HEN PATH`: a file's bytes to stdout, or with `--to` to a file that is there whole or not at all. A
 * terminal gets its text without what would move the cursor: a hen wrote it.
 */
export async function run(context: CommandContext): Promise<undefined> {
  const { args, options, output } = context;
  const [id = "", path = ""] = args;
  const client = await context.client();
  const pieces = await client.hens.file(id, path, { signal: context.interrupted() });
  const to = options.text("to");
  if (to !== undefined) {
    const bytes = await writeWholeFile(to, pieces, (_, size) => size);
    await output.note(`${to}: ${bytes} bytes`);
  } else if (output.stdout.isTerminal) await show(context, pieces);
  else for await (const piece of pieces) await output.bytes(piece);
}

async function show({ output }: CommandContext, pieces: AsyncIterable<Uint8Array>): Promise<void> {
  const decoder = new TextDecoder();
  let shown = 0;
  let text = "";
  for await (const piece of pieces) {
    text += decoder.decode(piece.subarray(0, SHOWN_BYTES_MAX - shown), { stream: true });
    shown += piece.length;
    if (shown >= SHOWN_BYTES_MAX) break;
  }
  await output.text(`${toPlainText(text).replace(/\n$/, "")}\n`);
  if (shown >= SHOWN_BYTES_MAX) await output.warn("only its beginning is shown; --to FILE saves all of it");
}
