import { parseArgs } from "node:util";
import { CoopError } from "coopd-core";
import { COMMANDS } from "./catalog.ts";
import { type CommandSpec, GLOBAL_OPTIONS, type OptionSpec } from "./command-spec.ts";
import { nearestTo } from "./nearest.ts";
import { OptionValues } from "./option-values.ts";

/** What a command line asks for. */
export type Invocation =
  | { readonly kind: "help"; readonly topic: readonly string[] }
  | { readonly kind: "version" }
  /** Nothing, or only a group like `hen`: help, but as an error (contract/cli.md). */
  | { readonly kind: "incomplete"; readonly topic: readonly string[] }
  | {
      readonly kind: "run";
      readonly command: CommandSpec;
      readonly args: readonly string[];
      readonly options: OptionValues;
    };

/** @throws CoopError `bad_request`: an unknown command or option, a missing or surplus argument, a missing value */
export function parseInvocation(argv: readonly string[]): Invocation {
  const { words, dashed, given } = tokenise(argv);
  const isHelp = given.some(({ spec }) => spec?.name === "help");
  if (words[0] === "help") return { kind: "help", topic: topicOf(words.slice(1)) };
  if (isHelp) return { kind: "help", topic: topicOf(words) };
  if (given.some(({ spec }) => spec?.name === "version")) return { kind: "version" };
  const command = commandOf(words);
  if (command === undefined) {
    const topic = topicOf(words);
    const rest = [...words.slice(topic.length), ...dashed];
    const [unknown] = given.filter(({ spec }) => spec === undefined);
    if (unknown !== undefined) throw unknownOption(unknown.raw, GLOBAL_OPTIONS, topic);
    if (rest.length === 0) return { kind: "incomplete", topic };
    throw unknownCommand(topic, rest[0] ?? "");
  }
  const args = [...words.slice(command.path.length), ...dashed];
  const options = checkOptions(command, given);
  checkArguments(command, args);
  return { kind: "run", command, args, options };
}

/** The command with the longest name that the words begin with: `farm stop` rather than `farm`. */
function commandOf(words: readonly string[]): CommandSpec | undefined {
  return COMMANDS.filter(({ path }) => path.every((word, i) => words[i] === word))
    .sort((a, b) => b.path.length - a.path.length)
    .at(0);
}

interface GivenOption {
  /** Undefined when no command knows it. */
  readonly spec: OptionSpec | undefined;
  readonly raw: string;
  readonly value: string | undefined;
  /** As `--name=value`, which may begin with a dash. */
  readonly isInline: boolean;
}

interface Tokens {
  readonly words: readonly string[];
  /** What stands behind `--`. */
  readonly dashed: readonly string[];
  readonly given: readonly GivenOption[];
}

function tokenise(argv: readonly string[]): Tokens {
  const known = [...GLOBAL_OPTIONS, ...COMMANDS.flatMap((command) => command.options)];
  const options = Object.fromEntries(
    known.map(({ name, short, value }) => [
      name,
      {
        type: value === undefined ? ("boolean" as const) : ("string" as const),
        ...(short === undefined ? {} : { short }),
      },
    ]),
  );
  const { tokens } = parseArgs({ args: [...argv], options, strict: false, allowPositionals: true, tokens: true });
  const end = tokens.find((token) => token.kind === "option-terminator")?.index ?? Number.POSITIVE_INFINITY;
  const positionals = tokens.filter((token) => token.kind === "positional");
  const isUnknown = (name: string) => !known.some((option) => option.name === name);
  // `- say hi`: read as a row of short options it would have -h in it, and nothing would be done with exit code 0.
  const strange = new Set(
    tokens.flatMap((token) =>
      token.kind === "option" && !token.rawName.startsWith("--") && isUnknown(token.name) ? [token.index] : [],
    ),
  );
  return {
    words: positionals.filter((token) => token.index < end).map((token) => token.value),
    dashed: positionals.filter((token) => token.index > end).map((token) => token.value),
    given: tokens
      .filter((token) => token.kind === "option")
      .map((token) => ({
        spec: strange.has(token.index) ? undefined : known.find(({ name }) => name === token.name),
        raw: strange.has(token.index) ? (argv[token.index] ?? "") : token.rawName,
        value: token.rawName.startsWith("--") ? token.value : token.value?.replace(/^=/, ""), // -o=json too
        isInline: token.inlineValue === true,
      })),
  };
}

/** The longest beginning of the words that names a command or a group of commands. */
function topicOf(words: readonly string[]): readonly string[] {
  const isTopic = (topic: readonly string[]) => COMMANDS.some(({ path }) => topic.every((word, i) => path[i] === word));
  let topic: readonly string[] = [];
  while (topic.length < words.length && isTopic(words.slice(0, topic.length + 1)))
    topic = words.slice(0, topic.length + 1);
  return topic;
}

function checkOptions(command: CommandSpec, given: readonly GivenOption[]): OptionValues {
  const allowed = [...command.options, ...GLOBAL_OPTIONS];
  const values = new Map<string, string | true>();
  for (const { spec, raw, value, isInline } of given) {
    if (spec === undefined || !allowed.some(({ name }) => name === spec.name)) {
      throw unknownOption(raw, allowed, command.path);
    }
    if (spec.value === undefined) {
      if (value !== undefined) throw usage(`${raw} takes no value`, command.path);
      values.set(spec.name, true);
    } else if (value === undefined || (!isInline && /^-./.test(value))) {
      const next = value === undefined ? undefined : `If "${value}" is meant, write ${raw}=${value}`;
      throw usage(`${raw} needs a value: ${raw} ${spec.value}`, command.path, next);
    } else {
      values.set(spec.name, value); // the last one wins, so that an alias can be overruled
    }
  }
  return new OptionValues(values);
}

function checkArguments(command: CommandSpec, args: readonly string[]): void {
  const { arguments: wanted, path } = command;
  const missing = wanted[args.length];
  if (missing !== undefined && missing.isOptional !== true)
    throw usage(`coop ${path.join(" ")} needs ${missing.name}: ${missing.about}`, path);
  if (args.length > wanted.length && wanted.at(-1)?.isMany !== true) {
    const surplus = args[wanted.length] ?? "";
    if (isGroup(path)) throw unknownCommand(path, surplus);
    const hint = wanted.at(-1)?.name === "PROMPT" ? "Put the prompt into quotes, to make it one argument." : undefined;
    throw usage(`unexpected argument "${surplus}"`, path, hint);
  }
}

/** True for a command that has commands of its own below it, as `farm`. */
function isGroup(path: readonly string[]): boolean {
  return COMMANDS.some(
    (command) => command.path.length > path.length && path.every((word, i) => command.path[i] === word),
  );
}

function unknownCommand(topic: readonly string[], word: string): CoopError {
  const candidates = COMMANDS.filter(({ path }) => topic.every((part, i) => path[i] === part)).flatMap(
    ({ path }) => path[topic.length] ?? [],
  );
  const nearest = nearestTo(word, [...new Set(candidates)]);
  const full = [...topic, word].join(" ");
  const next = nearest === undefined ? undefined : `Did you mean: coop ${[...topic, nearest].join(" ")}`;
  return usage(`unknown command "${full}"`, topic, next);
}

function unknownOption(raw: string, allowed: readonly OptionSpec[], path: readonly string[]): CoopError {
  const nearest = nearestTo(
    raw.replace(/^-+/, ""),
    allowed.map(({ name }) => name),
  );
  const isRow = raw.length > 2 && !raw.startsWith("--");
  const shown = raw.length > ROW_CHARS ? `${raw.slice(0, ROW_CHARS)}…` : raw;
  const hint =
    nearest !== undefined && raw.startsWith("--")
      ? `Did you mean --${nearest}?`
      : `If "${shown}" is no option but an argument, put -- before it.`;
  return usage(`unknown option ${isRow ? `"${shown}"` : raw}`, path, hint);
}

/** Of a prompt that was taken for options. */
const ROW_CHARS = 40;

function usage(message: string, path: readonly string[], next?: string): CoopError {
  return new CoopError("bad_request", message, { next: next ?? `See: ${["coop", ...path, "--help"].join(" ")}` });
}
