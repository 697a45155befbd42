import {
  COMMANDS,
  type CommandSpec,
  GLOBAL_OPTIONS,
  type OptionSpec,
  usageLine,
} from "../../../packages/coop-cli/src/invocation/index.ts";
import { renderTable } from "./in-place.ts";

/** What a person wrote about each command, by its usage line: what stands in the page between heading and options. */
export type CommandNotes = ReadonlyMap<string, string>;

const OPTIONS_BEGIN = "<!-- options -->";
/** Stands before what was taken from the help, for want of a text that somebody wrote. */
const FROM_HELP = "<!-- from --help; write here instead to say more -->";

/** Reads the notes back out of the page's part of commands. */
export function readCommandNotes(part: string): CommandNotes {
  const notes = new Map<string, string>();
  for (const section of part.split(/^### /m).slice(1)) {
    const heading = /^`(coop [^`]+)`\n/.exec(section);
    if (heading === null) continue;
    const text = section.slice(heading[0].length).split(OPTIONS_BEGIN)[0] ?? "";
    if (!text.trim().startsWith(FROM_HELP)) notes.set(pathOf(heading[1] ?? ""), text.trim());
  }
  return notes;
}

/**
 * Every command of the catalog, in the order of the help: its usage, what was written about it (else what its help says), its
 * options. Notes about commands that are gone are left out.
 */
export function renderCommands(notes: CommandNotes): string {
  const index = renderTable(
    ["command", "does"],
    COMMANDS.map((command) => [`[\`${usageLine(command)}\`](#${anchorOf(command)})`, command.summary]),
  );
  const sections = COMMANDS.map((command) => {
    const written = notes.get(pathOf(usageLine(command))) || helpOf(command);
    const { options } = command;
    const table = options.length === 0 ? "" : `\n${OPTIONS_BEGIN}\n${renderOptions(options)}`;
    return `### \`${usageLine(command)}\`\n\n${written}\n${table}`;
  });
  return [index, ...sections].join("\n");
}

/** The options of every command. */
export function renderGlobalOptions(): string {
  return renderOptions(GLOBAL_OPTIONS);
}

function renderOptions(options: readonly OptionSpec[]): string {
  return renderTable(
    ["option", ""],
    options.map(({ name, short, value, about }) => {
      const long = value === undefined ? `\`--${name}\`` : `\`--${name} ${value}\``;
      return [short === undefined ? long : `${long}, \`-${short}\``, about];
    }),
  );
}

/** `coop hen files ls` of `coop hen files ls HEN [PATH]`, so that a changed argument keeps its note. */
function pathOf(usage: string): string {
  return usage.replace(/ [[A-Z].*$/, "");
}

function anchorOf(command: CommandSpec): string {
  return usageLine(command)
    .toLowerCase()
    .replace(/[^a-z0-9_ -]/g, "")
    .replaceAll(" ", "-");
}

function helpOf({ summary, notes }: CommandSpec): string {
  return [FROM_HELP, `${toSentence(summary)}.`, ...(notes === undefined ? [] : [notes])].join("\n");
}

function toSentence(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
