import type { CommandContext } from "../command-context.ts";

export interface OptionSpec {
  /** Long name without the dashes. */
  readonly name: string;
  readonly short?: string;
  /** What its value is called in the help; an option without one is a flag. */
  readonly value?: string;
  /** All values that there are, for completion in a shell. */
  readonly choices?: readonly string[];
  readonly about: string;
}

export interface ArgumentSpec {
  /** In capitals, as the help shows it. */
  readonly name: string;
  readonly about: string;
  /** All that it can be, for completion in a shell. */
  readonly choices?: readonly string[];
  /** A path on this machine, though it is not called FILE or DIR. */
  readonly isFile?: boolean;
  /** Takes all that is left, at least one; only the last argument may. */
  readonly isMany?: boolean;
  /** May be left out; only the last argument may. */
  readonly isOptional?: boolean;
}

/** What a command module exports. @returns the exit code, 0 when undefined */
export interface CommandModule {
  readonly run: (context: CommandContext) => Promise<number | undefined>;
}

/** One row of the catalog: everything that is known of a command without loading it. */
export interface CommandSpec {
  /** `["hen", "create"]` */
  readonly path: readonly string[];
  /** One line, in the imperative, lower case. */
  readonly summary: string;
  readonly arguments: readonly ArgumentSpec[];
  readonly options: readonly OptionSpec[];
  /** Whole command lines. */
  readonly examples: readonly string[];
  /** More that the help says. */
  readonly notes?: string;
  readonly load: () => Promise<CommandModule>;
}

/** Accepted anywhere on the line; the original takes them only before the subcommand (contract/cli.md). */
export const GLOBAL_OPTIONS: readonly OptionSpec[] = [
  { name: "api", value: "URL", about: "the daemon [COOP_API, default http://127.0.0.1:9700]" },
  { name: "token", value: "TOKEN", about: "its token; others can see it in ps, so rather:" },
  {
    name: "token-file",
    value: "FILE",
    about: "a file with it [COOP_API_TOKEN, or what the daemon of this user keeps]",
  },
  {
    name: "output",
    short: "o",
    value: "FORMAT",
    choices: ["table", "json", "jsonl", "yaml"],
    about: "table, json, jsonl or yaml [table on a terminal, else json]",
  },
  { name: "quiet", short: "q", about: "only ids and results; no notes, no progress" },
  { name: "request-timeout-s", value: "SECS", about: "give up on an answer after this long, 0 never [default 30]" },
  { name: "no-color", about: "no colour [also NO_COLOR]" },
  {
    name: "log",
    value: "LEVEL",
    choices: ["warn", "debug"],
    about: "debug shows every request on stderr [COOP_LOG, default warn]",
  },
  { name: "help", short: "h", about: "help for a command" },
  { name: "version", short: "V", about: "the version of this program" },
];
