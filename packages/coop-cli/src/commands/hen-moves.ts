import type { CommandContext } from "../command-context.ts";

/** Prints what a move answers: pretty `{"ok": true}` for programs (contract/cli.md), a sentence for people. */
export async function reportMove(context: CommandContext, sentence: string, next?: string): Promise<undefined> {
  const { output } = context;
  if (output.isQuiet) return;
  await output.value({ ok: true }, () => `${sentence}\n`);
  if (next !== undefined) await output.note(`next: ${next}`);
}
