import { COMMANDS, GLOBAL_OPTIONS } from "../../packages/coop-cli/src/invocation/index.ts";
import { SETTING_ROWS } from "../../packages/coopd/src/setting-rows.ts";
import type { Page } from "./page.ts";

/** What else has such a name: the command line's own variables, and those of a hen. */
const OTHER_VARIABLES = ["COOP_API", "COOP_SECRET_VALUE", "COOP_NEW_PASSPHRASE", "COOP_HEN_ID", "COOP_HEN_WORKDIR"];
const VARIABLES = new Set([...SETTING_ROWS.flatMap(({ variables }) => variables), ...OTHER_VARIABLES]);

/** One line for each command, option or variable that a page names in its text and that there is not. */
export function findUnknownMentions(pages: readonly Page[]): readonly string[] {
  return pages.flatMap((page) =>
    page.code.flatMap(({ text, line }) => {
      const unknown = unknownCommand(text) ?? unknownVariable(text);
      return unknown === undefined ? [] : [`${page.path}:${line} names ${unknown}, which there is not`];
    }),
  );
}

function unknownCommand(text: string): string | undefined {
  if (!/^coop [a-z]/.test(text)) return undefined;
  const words = text.split(" ").slice(1);
  const command = COMMANDS.filter(({ path }) => path.every((word, at) => words[at] === word))
    .sort((one, other) => other.path.length - one.path.length)
    .at(0);
  const isGroup = COMMANDS.some(({ path }) => path.length > 1 && path[0] === words[0]);
  if (command === undefined) return isGroup && words.length < 2 ? undefined : `\`${text}\``;
  const options = [...command.options, ...GLOBAL_OPTIONS].map(({ name }) => `--${name}`);
  return words
    .map((word) => word.replace(/=.*$/, ""))
    .find((word) => word.startsWith("--") && word !== "--" && !options.includes(word));
}

function unknownVariable(text: string): string | undefined {
  return text.match(/\bCOOPD?_[A-Z][A-Z_]+\b/g)?.find((name) => !VARIABLES.has(name));
}
