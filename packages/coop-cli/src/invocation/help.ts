import { COMMANDS } from "./catalog.ts";
import { type CommandSpec, GLOBAL_OPTIONS, type OptionSpec } from "./command-spec.ts";

/** The help for everything (`[]`), for a group (`["hen"]`) or for a command. */
export function renderHelp(topic: readonly string[]): string {
  const commands = COMMANDS.filter(({ path }) => topic.every((word, i) => path[i] === word));
  const [only] = commands;
  if (only !== undefined && only.path.length === topic.length) return renderCommand(only, commands.slice(1));
  return topic.length === 0 ? renderAll() : renderGroup(topic, commands);
}

/** `coop hen create FILE` */
export function usageLine(command: CommandSpec): string {
  const args = command.arguments.map(({ name, isMany, isOptional }) => {
    const shown = isMany === true ? `${name}…` : name;
    return isOptional === true ? `[${shown}]` : shown;
  });
  return ["coop", ...command.path, ...args].join(" ");
}

function renderAll(): string {
  return [
    "coop, the command line of Coop, an agent farm OS\n",
    section("Usage", ["coop [OPTIONS] COMMAND …"]),
    section("Commands", commandLines(COMMANDS)),
    section("Options, anywhere on the line", optionLines(GLOBAL_OPTIONS)),
    section("First steps", [
      "coop hen create examples/demo.yaml",
      "coop hen hatch local.coop/demo",
      'coop job run local.coop/demo "survey your workdir" --wait',
    ]),
    "coop COMMAND --help says more. Exit codes: 0 ok, 2 wrong usage, 4 not there, 5 not allowed in, 6 in the way,\n" +
      "7 forbidden by a rule, 8 over a limit, 9 brain, 10 job FAILED, 11 CANCELLED, 12 timed out, 1 everything else.\n",
  ].join("\n");
}

function renderGroup(topic: readonly string[], commands: readonly CommandSpec[]): string {
  const name = ["coop", ...topic].join(" ");
  return [
    section("Usage", [`${name} COMMAND …`]),
    section("Commands", commandLines(commands)),
    `${name} COMMAND --help says more.\n`,
  ].join("\n");
}

function renderCommand(command: CommandSpec, below: readonly CommandSpec[]): string {
  const { summary } = command;
  return [
    `${summary.slice(0, 1).toUpperCase()}${summary.slice(1)}.\n`,
    section("Usage", [`${usageLine(command)}${command.options.length === 0 ? "" : " [OPTIONS]"}`]),
    section("Commands below it", commandLines(below)),
    section("Arguments", twoColumns(command.arguments.map(({ name, about }) => [name, about]))),
    section("Options", optionLines(command.options)),
    section("Options of every command", optionLines(GLOBAL_OPTIONS)),
    command.notes === undefined ? "" : `${wrap(command.notes, 96)}\n`,
    section("Examples", command.examples),
  ]
    .filter((part) => part !== "")
    .join("\n");
}

function section(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? "" : `${title}:\n${lines.map((line) => `  ${line}\n`).join("")}`;
}

function commandLines(commands: readonly CommandSpec[]): readonly string[] {
  return twoColumns(commands.map((command) => [usageLine(command).slice("coop ".length), command.summary]));
}

function optionLines(options: readonly OptionSpec[]): readonly string[] {
  return twoColumns(
    options.map(({ name, short, value, about }) => {
      const dashes = `${short === undefined ? "    " : `-${short}, `}--${name}`;
      return [value === undefined ? dashes : `${dashes} ${value}`, about];
    }),
  );
}

function twoColumns(rows: readonly (readonly [string, string])[]): readonly string[] {
  const width = Math.max(0, ...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `${left.padEnd(width)}  ${right}`);
}

function wrap(text: string, columns: number): string {
  const lines = [""];
  for (const word of text.split(" ")) {
    const line = lines.at(-1) ?? "";
    if (line !== "" && line.length + 1 + word.length > columns) lines.push(word);
    else lines[lines.length - 1] = line === "" ? word : `${line} ${word}`;
  }
  return lines.join("\n");
}
