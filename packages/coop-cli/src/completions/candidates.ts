import { type ArgumentSpec, type CommandSpec, GLOBAL_OPTIONS, type OptionSpec } from "../invocation/command-spec.ts";

/** What could stand at the end of a command line. */
export interface Candidate {
  readonly word: string;
  /** One line; empty where the word says it. */
  readonly about: string;
}

/** What stands there is one of these, a hen of the farm, or a file. */
export type Completion =
  | { readonly kind: "words"; readonly candidates: readonly Candidate[] }
  | { readonly kind: "hens" }
  | { readonly kind: "files" };

/** Arguments and option values that are a hen's id. */
const HEN_NAMES = ["HEN", "FROM", "TO"];
/** Those that are a path on this machine. */
const FILE_NAMES = ["FILE", "DIR"];

/**
 * What could follow.
 * @param commands the catalog
 * @param words everything behind `coop`; the last one is being typed, and may be empty. bash gives `--name=value` as three
 */
export function complete(commands: readonly CommandSpec[], words: readonly string[]): Completion {
  const parts = words.filter((word, i) => word !== "=" || i === words.length - 1);
  const current = (parts.at(-1) ?? "").replace(/^=$/, "");
  const { topic, args, waiting, isDashed } = walk(commands, parts.slice(0, -1));
  const command = commands.find(({ path }) => isSame(path, topic));
  if (waiting !== undefined) return completeValue({ name: waiting.value ?? "", choices: waiting.choices }, current);
  if (!isDashed && current.startsWith("-")) return completeOption(command, current);
  const next = args.length === 0 && !isDashed ? nextWords(commands, topic) : [];
  const argument = command?.arguments[args.length] ?? lastMany(command);
  const value = argument === undefined ? undefined : completeValue(argument, current);
  if (value === undefined || next.length === 0) return value ?? amongWords(next, current);
  return amongWords([...next, ...(value.kind === "words" ? value.candidates : [])], current);
}

interface Walked {
  /** The command or group so far. */
  readonly topic: readonly string[];
  readonly args: readonly string[];
  /** The option whose value comes next. */
  readonly waiting: OptionSpec | undefined;
  /** Behind `--` nothing is an option. */
  readonly isDashed: boolean;
}

function walk(commands: readonly CommandSpec[], words: readonly string[]): Walked {
  const known = [...GLOBAL_OPTIONS, ...commands.flatMap(({ options }) => options)];
  const topic: string[] = [];
  const args: string[] = [];
  let waiting: OptionSpec | undefined;
  let isDashed = false;
  for (const word of words) {
    if (waiting !== undefined) waiting = undefined;
    else if (word === "--" && !isDashed) isDashed = true;
    else if (!isDashed && word.startsWith("-")) waiting = known.find((spec) => takesNext(spec, word));
    else if (!isDashed && args.length === 0 && nextWords(commands, topic).some((next) => next.word === word))
      topic.push(word);
    else args.push(word);
  }
  return { topic, args, waiting, isDashed };
}

function takesNext({ name, short, value }: OptionSpec, word: string): boolean {
  return value !== undefined && (word === `--${name}` || (short !== undefined && word === `-${short}`));
}

/** The words that lead on from a group, with what they do where they are a command of their own. */
function nextWords(commands: readonly CommandSpec[], topic: readonly string[]): readonly Candidate[] {
  const found = new Map<string, string>();
  for (const { path, summary } of commands) {
    const word = path[topic.length];
    if (word === undefined || !topic.every((part, i) => path[i] === part)) continue;
    if (path.length === topic.length + 1) found.set(word, summary);
    else if (!found.has(word)) found.set(word, "");
  }
  return [...found].map(([word, about]) => ({ word, about }));
}

function completeOption(command: CommandSpec | undefined, current: string): Completion {
  const options = [...(command?.options ?? []), ...GLOBAL_OPTIONS];
  return amongWords(
    options.map(({ name, about }) => ({ word: `--${name}`, about })),
    current,
  );
}

interface Value {
  readonly name: string;
  readonly choices?: readonly string[] | undefined;
  readonly isFile?: boolean;
}

function completeValue({ name, choices, isFile }: Value, current: string): Completion {
  if (choices !== undefined) {
    return amongWords(
      choices.map((word) => ({ word, about: "" })),
      current,
    );
  }
  if (HEN_NAMES.includes(name)) return { kind: "hens" };
  if (isFile === true || FILE_NAMES.includes(name)) return { kind: "files" };
  return amongWords([], current);
}

function amongWords(all: readonly Candidate[], current: string): Completion {
  return { kind: "words", candidates: all.filter(({ word }) => word.startsWith(current)) };
}

function lastMany(command: CommandSpec | undefined): ArgumentSpec | undefined {
  const last = command?.arguments.at(-1);
  return last?.isMany === true ? last : undefined;
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((word, i) => word === b[i]);
}
