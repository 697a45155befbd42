import type { CommandContext } from "../command-context.ts";
import { complete } from "../completions/candidates.ts";
import { FILES_LINE } from "../completions/shell-scripts.ts";
import type { CommandModule, CommandSpec } from "../invocation/command-spec.ts";

/** Whoever pressed Tab is waiting; without an answer by then there are no hens to offer. */
const HENS_MS_MAX = 1_000;
/** More nobody reads; typing narrows it down. */
const HENS_MAX = 1_000;

/** `coop completions candidates -- WORD…`: one candidate a line, a tab, what it is. */
export function offerFrom(commands: readonly CommandSpec[]): CommandModule {
  return {
    async run(context) {
      const { args, output } = context;
      const completion = complete(commands, args);
      if (completion.kind === "files") return output.text(`${FILES_LINE}\n`).then(() => undefined);
      const isHens = completion.kind === "hens";
      const candidates = isHens ? await findHens(context, args.at(-1) ?? "") : completion.candidates;
      await output.text(candidates.map(({ word, about }) => `${word}\t${about}\n`).join(""));
      return undefined;
    },
  };
}

/** None where no daemon answers, or it does not let this user in: a prompt is no place for errors. */
async function findHens(context: CommandContext, beginning: string) {
  try {
    const client = await context.client({ timeoutMs: HENS_MS_MAX });
    const hens = await client.hens.list({ limit: HENS_MAX });
    return hens
      .filter(({ id }) => id.startsWith(beginning))
      .map(({ id, state }) => ({ word: id as string, about: state as string }));
  } catch {
    return [];
  }
}
