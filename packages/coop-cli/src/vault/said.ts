import type { CommandContext } from "../command-context.ts";

/** One sentence, in a pipe too, as the original prints it; the value where `-o` asks for a form. With `-q` nothing. */
export async function said({ output, settings }: CommandContext, value: unknown, sentence: string): Promise<void> {
  if (settings.isFormatAsked && output.format !== "table") return output.value(value, () => "");
  if (!output.isQuiet) await output.text(`${sentence}\n`);
}
