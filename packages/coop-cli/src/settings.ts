import { CoopError } from "coopd-core";
import { findDaemonToken } from "./daemon-token/find-token.ts";
import type { Environment } from "./environment.ts";
import { readInputFile } from "./files/read-input-file.ts";
import type { OptionValues } from "./invocation/option-values.ts";
import { FORMATS, type Format } from "./output/output.ts";

/** What holds for one command line: a flag beats its variable, a variable the default (contract/cli.md). */
export interface Settings {
  /** Undefined: the client's default. */
  readonly baseUrl: string | undefined;
  /** For the daemon at this address: what was given, else what a daemon of this user keeps for it. */
  readonly token: (baseUrl: string) => Promise<string | undefined>;
  /** Where the daemons of this user may keep their data. */
  readonly dataDirs: readonly string[];
  /** A variable of the environment; undefined where it is empty. */
  readonly variable: (name: string) => string | undefined;
  readonly format: Format;
  /** True when `-o` was given, so that no other form of output is right. */
  readonly isFormatAsked: boolean;
  readonly isQuiet: boolean;
  readonly hasColor: boolean;
  /** Of one request; undefined: the client's default. */
  readonly timeoutMs: number | undefined;
  /** What `coop hen edit` starts; a command line. */
  readonly editor: string;
  /** Show every request on stderr. */
  readonly showsRequests: boolean;
}

/** @throws CoopError `bad_request` for an unknown format, or two tokens */
export function readSettings(options: OptionValues, env: Environment): Settings {
  const format = options.oneOf("output", FORMATS);
  const flag = options.text("token");
  const timeoutSecs = options.seconds("request-timeout-s");
  const file = options.text("token-file");
  if (flag !== undefined && file !== undefined) {
    throw new CoopError("bad_request", "--token and --token-file are both given; one of them is enough");
  }
  return {
    baseUrl: options.text("api") ?? env.api,
    token: async (baseUrl) =>
      flag ?? (file === undefined ? (env.token ?? findDaemonToken(baseUrl, env.dataDirs)) : await readTokenFile(file)),
    dataDirs: env.dataDirs,
    variable: env.variable,
    format: format ?? (env.stdout.isTerminal ? "table" : "json"),
    isFormatAsked: format !== undefined,
    isQuiet: options.flag("quiet"),
    hasColor: !options.flag("no-color"),
    timeoutMs: timeoutSecs === undefined ? undefined : timeoutSecs * 1_000,
    editor: env.editor ?? "vi", // what POSIX says where neither variable is set
    showsRequests: /\b(?:debug|trace)\b/.test(options.text("log") ?? env.log ?? ""),
  };
}

async function readTokenFile(path: string): Promise<string> {
  const token = new TextDecoder().decode(await readInputFile(path)).trim();
  if (/^[\x21-\x7e]{1,8192}$/.test(token)) return token;
  throw new CoopError("bad_request", `the token file ${path} does not hold one line with a token`);
}
